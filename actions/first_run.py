"""What must be there before anybody can sign in."""

import settings
from actions import accounts, tenants


def prepare() -> None:
    """Make the administrator of the settings a member of the demo shop (development) or of a first, empty shop (production).

    In production only where he has no shop yet. Safe to repeat; whoever exists keeps his password.
    """
    administrator = accounts.administrator()
    if settings.current().is_development:
        accounts.join(administrator, tenants.demo().id, "admin")
    elif not accounts.memberships(administrator):
        tenants.create("My shop", owner=administrator)
