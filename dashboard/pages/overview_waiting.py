"""What waits for somebody in this shop? Rejected events and uploads that failed, most urgent first."""

from collections.abc import Iterator

from dash import html

from actions import dead_letters, uploads
from actions.accounts import Identity
from actions.dead_letters import Letters
from actions.uploads import Upload
from dashboard import components as ui
from dashboard import formats, scope_bar

PERMISSION = "write:analytics"  # that of the page where it is put right
LOOKED_AT = 20  # the newest uploads


def render(who: Identity, search: str | None):
    """A card with a line for each, or nothing at all where nothing waits or the caller could not change it."""
    if not who.may(PERMISSION):
        return None
    lines = [*_rejected(dead_letters.newest(who.tenant, limit=1, waiting_only=True)), *_failed(uploads.recent(who.tenant, LOOKED_AT))]
    if not lines:
        return None
    rows = [html.Li([ui.status(tone, ""), html.Div([what, html.Small(why)]), _way(verb, search)]) for tone, what, why, verb in lines]
    return ui.card("Waiting for you", html.Ul(rows, className="list"), sub="Most urgent first", menu=False)


def _way(verb: str, search: str | None):
    return ui.link(verb, scope_bar.carry("/data", search))


def _rejected(letters: Letters) -> Iterator[tuple[str, str, str, str]]:
    if letters.total:
        verb = "was" if letters.total == 1 else "were"
        yield "bad", f"{formats.counted(letters.total, 'event')} {verb} rejected", f"The newest: {letters.rows[0].reason}", "See why"


def _failed(recent: list[Upload]) -> Iterator[tuple[str, str, str, str]]:
    for upload in recent:
        if upload.state == "failed":
            yield "warn", f"{upload.filename} could not be read", upload.message, "See uploads"
