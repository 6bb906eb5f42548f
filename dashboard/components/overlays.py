"""What floats: the drawer, the question before a costly step, the message after one."""

import dash_bootstrap_components as dbc
from dash import html

from dashboard.components.basics import button, status


def drawer(id: str, wide: bool = False):
    """From the right: facts, then what you can do. wide is for editors only. A callback sets is_open, title and children."""
    return dbc.Offcanvas(id=id, placement="end", is_open=False, title="", class_name="drawer-wide" if wide else "")


def ask(id: str, question: str, body, verb: str, *, no: str = "Not yet", look: str = "primary"):
    """A dialog before something costly or public: title is the question, the button the verb.

    Open it with is_open of `id`; the buttons are `<id>-yes` and `<id>-no`. For what can be undone, do it and use toast.
    """
    acts = [button(no, id=f"{id}-no"), button(verb, look, id=f"{id}-yes")]
    return dbc.Modal(
        [dbc.ModalHeader(dbc.ModalTitle(question), close_button=False), dbc.ModalBody(body), dbc.ModalFooter(acts)],
        id=id,
        is_open=False,
        centered=True,
    )


def toast(text: str, *actions, tone: str = "good"):
    """A message at the bottom right: Output("toasts", "children", allow_duplicate=True).

    It goes after 10 s; one of tone `bad` stays until closed. For undo, an action is button("Undo", "quiet", key="u", id=…).
    """
    close = button("", "quiet", "bi-x-lg", **{"aria-label": "Close", "data-close": "toast"})
    life = {"data-stays": "true"} if tone == "bad" else {}
    return html.Div([status(tone, text), *actions, close], className="note", **life)
