"""Which theme did this browser choose? assets/boot-theme.js sets the cookie before the first paint."""

from flask import has_request_context, request

from dashboard import tokens

_INK = ("ink", "ink-2", "ink-3", "surface", "line-strong", "grid", "past", "good", "warn", "bad", "info")
IN_CHARTS = [name for name in tokens.LIGHT if name.startswith(("series-", "seq-", "div-"))] + list(_INK)

# Each colour that may stand in a figure, light and dark: app.js swaps them in place when the theme is switched.
PAIRS = [[tokens.LIGHT[name], tokens.DARK[name]] for name in IN_CHARTS]


def chosen() -> str:
    """`light` or `dark`; light where the browser has not said."""
    theme = request.cookies.get("theme") if has_request_context() else None
    return theme if theme in tokens.THEMES else "light"
