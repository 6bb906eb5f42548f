"""What is a country called? The table is analytics.countries; pages need its names only."""

from analytics.countries import NAMES, name

__all__ = ["NAMES", "name"]
