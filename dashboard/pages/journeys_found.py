"""What the search for a person finds, and who is worth a look."""

from dash import dcc, html

from analytics.person_news import News
from analytics.persons import Person
from dashboard import components as ui
from dashboard import formats, scope_bar

KINDS = {"customer": ("Person", "bi-person"), "e-mail": ("E-mail", "bi-envelope"), "order": ("Order", "bi-receipt")}
VISITOR = ("Visitor", "bi-globe")
NEWS = {
    "order": ("bi-cart-check", "Order {text}, {name}"),
    "left": ("bi-cart-x", "Left at the checkout, {name}"),
    "feedback": ("bi-chat-left-quote", "Feedback {rating:g} of 5, {name}"),
    "return": ("bi-arrow-counterclockwise", "Return of order {text}, {name}"),
}
QUOTE = 48  # characters of what somebody wrote


def hits(found: list[Person], asked: str, currency: str):
    """The list under the search field; app-journeys.js moves in it with the arrow keys."""
    if not found:
        return html.Div(html.Div(f"Nobody here is called “{asked}”.", className="hits-foot quiet"), className="hits")
    keys = html.Div([html.Kbd("↑"), html.Kbd("↓"), " choose  ", html.Kbd("Enter"), " open"], className="hits-foot quiet")
    rows = [_hit(person, asked, currency, number == 0) for number, person in enumerate(found)]
    return html.Div([*rows, keys], className="hits", role="listbox", **{"aria-label": "Found"})


def _hit(person: Person, asked: str, currency: str, is_first: bool):
    kind, sign = KINDS.get(person.kind, VISITOR)
    label = f"Order {person.label}" if person.kind == "order" else person.label
    parts = [
        ui.icon(sign),
        html.Span([html.B(_marked(label, asked)), html.Span(_marked(person.detail, asked), className="quiet")], className="hit-what"),
        html.Span([html.Span(kind, className="quiet"), html.Span(_size(person, currency), className="num")], className="hit-right"),
    ]
    return _row(person.key, parts, "hit-row is-chosen" if is_first else "hit-row")


def _row(key: str, parts: list, look: str):
    return dcc.Link(parts, href=scope_bar.carry("/journeys", "", who=key), className=look)


def _size(person: Person, currency: str) -> str:
    money = formats.money(person.amount, currency, exact=True) if person.amount is not None else ""
    if person.kind == "order":
        return money
    if person.orders:
        return f"{formats.counted(person.orders, 'order')}, {money}"
    return formats.counted(person.sessions, "session") if person.sessions else "no session"


def _marked(text: str, asked: str) -> list:
    at = text.lower().find(asked.lower())
    return [text[:at], html.Mark(text[at : at + len(asked)]), text[at + len(asked) :]] if at >= 0 else [text]


def newest(found: list[News], currency: str, tz: str):
    """One row for each, newest first."""
    return html.Div([_news(news, currency, tz) for news in found], className="news")


def _news(news: News, currency: str, tz: str):
    sign, words = NEWS[news.kind]
    what = words.format(text=news.text, name=news.name or f"visitor {news.person}", rating=news.rating or 0)
    right = html.Span(
        [html.Span(_about(news, currency), className="num"), html.Span(formats.moment(news.at, tz), className="quiet num")],
        className="hit-right is-wide",
    )
    return _row(news.person, [ui.icon(sign), html.Span(html.B(what), className="hit-what"), right], "hit-row")


def _about(news: News, currency: str) -> str:
    if news.kind == "feedback":
        text = news.text if len(news.text) <= QUOTE else news.text[: QUOTE - 1].rstrip() + "…"
        return f"“{text}”" if text else ""
    amount = formats.money(news.amount, currency, exact=True)
    return {"left": f"{amount} open", "return": formats.MINUS + amount}.get(news.kind, amount)
