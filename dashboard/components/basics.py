"""Words, signs and small facts: the smallest parts."""

from collections.abc import Iterable, Sequence

from dash import dcc, html

from dashboard import formats

DIRECTIONS = {"up": "bi-arrow-up-right", "down": "bi-arrow-down-right", "level": "bi-arrow-right"}
STATUS = {
    "good": "bi-check-circle-fill",
    "warn": "bi-exclamation-triangle-fill",
    "bad": "bi-x-octagon-fill",
    "info": "bi-info-circle-fill",
    "quiet": "bi-circle",
}


def icon(name: str):
    """A Bootstrap icon; it says nothing to a screen reader, so words stand beside it."""
    return html.I(className=f"bi {name}", **{"aria-hidden": "true"})


def page_head(title: str, question: str, *actions):
    """The title row. At most three actions, the primary one last."""
    return html.Header(
        [html.Div([html.H1(title), html.P(question, className="question")]), html.Div(actions, className="page-actions")],
        className="page-head",
    )


def crumb(text: str, href: str):
    """The way back from a detail page; it stands above page_head."""
    return dcc.Link([icon("bi-arrow-left"), f" {text}"], href=href, className="crumb")


def button(text: str, look: str = "plain", sign: str | None = None, key: str | None = None, **attributes):
    """look: primary (one per view), plain, quiet or danger. key: the single key that clicks it, shown on the button.

    Without text, sign is the whole button and `aria-label` must be given.
    """
    assert text or "aria-label" in attributes, "a button of a sign alone says what it does in aria-label"
    parts = [icon(sign)] if sign else []
    parts += [html.Span(text)] if text else []
    parts += [html.Kbd(key.upper())] if key else []
    if key:
        attributes["data-key"] = key
    shape = "" if text else " act-icon"
    return html.Button(parts, type="button", className=f"act act-{look}{shape}", **attributes)


def link(text: str, href: str, look: str = "plain", sign: str | None = None):
    """A button that leads somewhere."""
    return dcc.Link(([icon(sign)] if sign else []) + [html.Span(text)], href=href, className=f"act act-{look}")


def heading(text: str):
    """A title inside a card or a drawer, between its parts."""
    return html.H3(text, className="part-title")


def term(label, definition: str):
    """A word with its definition on hover and on keyboard focus."""
    return html.Span(label, className="term", tabIndex=0, **{"data-tip": definition})


def delta(now, before, was: str, *, good: str | None = "up", points: bool = False):
    """up 8.4% from €380.8k. good: the direction that is good news, or None where nobody can say; points for shares."""
    moved = formats.change(now, before, points=points)
    if moved is None:
        return html.Span("No earlier data to compare", className="delta")
    word, size = moved
    tone = "" if good is None or word == "level" else "is-good" if word == good else "is-bad"
    return html.Span(
        [
            html.Span([icon(DIRECTIONS[word]), f" {word} {size}".rstrip()], className=f"delta-move {tone}".rstrip()),
            html.Span(f" from {was}", className="delta-was"),
        ],
        className="delta num",
    )


def status(tone: str, text, className: str = ""):
    """tone: good, warn, bad, info or quiet. Never colour alone: an icon and a word go with it."""
    return html.Span([icon(STATUS[tone]), html.Span(text)], className=f"status status-{tone} {className}".rstrip())


def partial(text: str):
    """The line under the title that says what the numbers leave out."""
    return html.Div([icon(STATUS["info"]), html.Span(text)], className="partial", role="status")


def meter(share: float, tone: str = "accent", label: str | None = None):
    """A bar filled to `share`, 0..1."""
    inner = html.Div(style={"width": f"{min(max(share, 0), 1):.1%}"})
    return html.Div(inner, className=f"meter meter-{tone}", role="img", **{"aria-label": label or f"{share:.0%}"})


def facts(items: Iterable):
    """Short facts in one line, divided by dots."""
    return html.Div([item if hasattr(item, "to_plotly_json") else html.Span(item) for item in items], className="facts num")


def pairs(rows: Iterable[Sequence]):
    """Facts as name and value, one line each."""
    return html.Dl([part for name, value in rows for part in (html.Dt(name), html.Dd(value))], className="pairs num")


def checks(rows: Iterable[Sequence]):
    """What is fine and what is not, each with its reason: [(tone, what, why)]."""
    return html.Ul([html.Li([status(tone, what), html.Span(why, className="quiet num")]) for tone, what, why in rows], className="checks")


def numbered(number: int, title: str):
    """The title of one step of a form."""
    return [html.Span(number, className="step-no"), title]


def code(text: str, label: str):
    """Something to take along: app.js copies data-copy and says so."""
    pre = html.Pre(text, tabIndex=0, **{"aria-label": label})
    return html.Div([pre, button("Copy", sign="bi-clipboard", **{"data-copy": text})], className="code")
