"""What is a page, and what does its code see of the app?"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from dash import Dash, Input

from dashboard import auth
from dashboard.components.states import card_state

# The areas of the sidebar, in its order: name, icon.
AREAS = (
    ("Home", "bi-house"),
    ("Behaviour", "bi-signpost-split"),
    ("Sales", "bi-bag"),
    ("Customers", "bi-people"),
    ("Recommendations", "bi-stars"),
    ("Promotions", "bi-megaphone"),
    ("Fraud", "bi-shield-check"),
)
FILTERS = ("channel", "country", "device")


@dataclass(frozen=True)
class Page:
    """What the sidebar, the title and the scope bar need to know. `area` "" keeps it out of the sidebar."""

    path: str  # within the app: "/funnel"
    title: str
    question: str  # stands under the title
    icon: str
    area: str
    permission: str  # "read:analytics"; also asked before each of its callbacks
    key: str = ""  # `g`, then this key, opens it
    # Filters that the page cannot apply, each with the reason: {"device": "Imported orders have no device."}
    unfiltered: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self):
        assert self.path.startswith("/"), "paths begin with a slash"
        assert not self.area or self.area in dict(AREAS), f"unknown area {self.area}"
        assert set(self.unfiltered) <= set(FILTERS), "only filters can be left out"


class Door:
    """The app as a page sees it: each of its callbacks first asks whether the caller may see the page.

    A page's callbacks are reachable without its layout, so the question belongs to them, not to the sidebar.
    """

    def __init__(self, app: Dash, page: Page):
        self._app = app
        self._page = page
        self.clientside_callback = app.clientside_callback

    def callback(self, *places, card: str | Sequence[str] = (), **options) -> Callable:
        """Like Dash's, with its Outputs, Inputs and States in a row.

        card: the id of the ui.card (or ui.kpi_strip) that it fills, or several: domain errors appear in them, `Try again` calls once more.
        """
        cards = (card,) if isinstance(card, str) else tuple(card)

        def register(draw: Callable) -> Callable:
            asked = self._asking(draw)
            if not cards:
                return self._app.callback(*places, **options)(asked)
            retries = [Input(f"{one}-retry", "data") for one in cards]
            return self._app.callback(*places, *retries, **options)(card_state(_without_last(asked, len(retries)), cards))

        return register

    def _asking(self, draw: Callable) -> Callable:
        @functools.wraps(draw)
        def asked(*values):
            auth.require(self._page.permission)
            return draw(*values)

        return asked


def _without_last(draw: Callable, number: int) -> Callable:
    """`draw` without the values of the retry stores, which only serve to call it again."""

    @functools.wraps(draw)
    def called(*values):
        return draw(*values[:-number])

    return called
