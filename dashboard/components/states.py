"""What a card shows instead of its numbers, in the pattern: what is so, why, what now."""

import functools
import secrets
from collections.abc import Callable, Sequence

import dash
import structlog
from dash import html

import errors
from dashboard.components.basics import button, icon, link, meter
from dashboard.components.overlays import toast

log = structlog.get_logger(__name__)


def empty_state(sign: str, title: str, text, *actions, is_page: bool = False):
    """An icon, a title, one sentence, at most two actions. With is_page it is all of the page, and its title the page's."""
    heading = html.H1(title) if is_page else html.H2(title)
    return html.Div([icon(sign), heading, html.P(text), html.Div(actions)], className="empty")


def no_data(what: str, text: str, *actions):
    """No events yet. Put the snippet on your shop. …"""
    return empty_state("bi-broadcast", f"No {what} yet", text, *actions)


def nothing_matches(what: str, filters: Sequence[str], period: str):
    """filters: the names of what is chosen ("Poland", "Tablet"); the button takes them all off."""
    if not filters:
        return empty_state("bi-funnel", f"No {what} in these days", f"There was nothing from {period}. Choose another period.")
    who = " and ".join(filters) if len(filters) < 3 else f"{', '.join(filters[:-1])} and {filters[-1]}"
    text = f"{who}{' together' if len(filters) > 1 else ''} had nothing from {period}."
    clear = button(f"Clear {len(filters)} filter{'s' if len(filters) > 1 else ''}", **{"data-clear-filters": "true"})
    return empty_state("bi-funnel", f"No {what} match these filters", text, clear)


def not_permitted(what: str, role: str, is_page: bool = False):
    """You cannot see margins. This needs the role Manager. …"""
    text = f"This needs the role {role}. An administrator can give it to you."
    return empty_state("bi-lock", f"You cannot see {what}", text, is_page=is_page)


def failed(why: str, reference: str, card: str | None = None):
    """This card could not be loaded. The other cards are complete. With a card's id it can try again."""
    again = [button("Try again", sign="bi-arrow-clockwise", **{"data-retry": card})] if card else []
    text = f"{why} The other cards are complete. Reference {reference}."
    return empty_state("bi-cloud-slash", "This card could not be loaded", text, *again)


def too_few(text: str):
    """Needs about 12 more days to see a difference of 3%."""
    return empty_state("bi-hourglass-split", "Too few to say", text)


def job(title: str, share: float | None, done: str, left: str = "", *actions):
    """A long job: a bar with words. share 0..1, None while nobody can say."""
    return html.Div(
        [
            html.Div([html.B(title), html.Span(left, className="quiet num")], className="job-line"),
            meter(share or 0, label=done),
            html.Div([html.Span([icon("bi-arrow-repeat"), f" {done}"], className="quiet num"), html.Div(actions)], className="job-line"),
            html.P("You can leave this page. A message tells you when it is done.", className="quiet"),
        ],
        className="job",
    )


class Instead(Exception):
    """Raised by a card's callback to show a state in place of its numbers: raise ui.Instead(ui.nothing_matches(…))."""

    def __init__(self, state):
        super().__init__("a state stands in the card")
        self.state = state


def card_state(draw: Callable, cards: Sequence[str]) -> Callable:
    """The callback `draw`, with the errors of the domain shown in the cards it fills; the page and its other cards stay whole.

    Pages get it through `app.callback(…, card=<id>)`. A bug is logged with the reference that the reader sees.
    """

    @functools.wraps(draw)
    def drawn(*values):
        try:
            answer = draw(*values)
        except dash.exceptions.PreventUpdate:
            raise
        except Exception as problem:  # noqa: BLE001 — the last handler of a card: whatever went wrong stays inside it
            _show(cards, functools.partial(_said, problem))
            return dash.no_update  # PreventUpdate would lose the state that was just set
        _show(cards, lambda _card: [])
        return answer

    return drawn


def _show(cards: Sequence[str], state: Callable) -> None:
    for card in cards:
        dash.set_props(f"{card}-state", {"children": state(card)})


def say(problem: Exception) -> None:
    """Dash's handler for callbacks that fill no card: what went wrong is told in a message, and the page stays as it is."""
    reference = _reference(problem, "a callback")
    words = problem.message if isinstance(problem, errors.EcapError) else f"Something in ECAP went wrong. Reference {reference}."
    dash.set_props("toasts", {"children": toast(words, tone="bad")})


def _said(problem: Exception, card: str):
    if isinstance(problem, Instead):
        return problem.state
    if isinstance(problem, errors.NotPermitted):
        return empty_state("bi-lock", "You cannot see this", problem.message)
    if isinstance(problem, errors.NotFound):
        return empty_state("bi-search", "There is no such thing", problem.message)
    if isinstance(problem, errors.Invalid):
        return empty_state("bi-exclamation-circle", "This cannot be read", problem.message)
    why = problem.message if isinstance(problem, errors.EcapError) else "Something in ECAP went wrong."
    return failed(why, _reference(problem, card), card)


def _reference(problem: Exception, where: str) -> str:
    """Four letters that the reader sees and the log has, too."""
    reference = secrets.token_hex(2).upper()
    if isinstance(problem, errors.EcapError):
        log.warning("callback refused", where=where, reference=reference, code=problem.code, message=problem.message)
    else:
        log.error("callback failed", where=where, reference=reference, exc_info=problem)
    return reference


def page_not_found():
    """What stands at an address that no page has."""
    text = "The address may be old, or mistyped. The pages are in the list at the left."
    return empty_state("bi-map", "There is no such page", text, link("Go to Overview", "/app/"), is_page=True)
