"""The timeline: chapters, the time between them, and what happened. Oldest above, as one reads."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dash import html

from analytics.journey import JourneySession
from analytics.person_orders import PersonOrder
from dashboard import components as ui
from dashboard import formats
from dashboard.pages import journeys_words as words
from dashboard.pages.journeys_story import Chapter, Line

DEVICES = {"mobile": "bi-phone", "desktop": "bi-laptop", "tablet": "bi-tablet"}
GAP = timedelta(minutes=30)  # a shorter time between two chapters is not worth a word
RUNNING = timedelta(minutes=30)  # a session that had an event since may go on
KINDS = {"refund": ("Return of order", "info", "Given back"), "cancellation": ("Order", "warn", "Cancelled")}
STATES = {"paid": "good", "held": "warn", "cancelled": "warn"}
TIMES = {"day": 86400, "hour": 3600, "min": 60}


def render(chapters: list[Chapter], *, earlier, currency: str, tz: str, now: datetime):
    """The chapters as one list; `earlier` is the way to those before, or None."""
    parts = [html.Li(earlier, className="line-earlier")] if earlier else []
    for before, chapter in zip([None, *chapters], chapters, strict=False):
        if before and chapter.start - before.end >= GAP:
            parts.append(html.Li(html.Span(f"{_later(chapter.start - before.end)} later"), className="line-gap"))
        parts.append(_chapter(chapter, currency, tz, now))
    if not chapters:
        return html.P("Nothing of this kind yet.", className="quiet")
    return html.Ol(parts, className="line")


def local(moment: datetime, tz: str) -> datetime:
    """The time on a clock in `tz`."""
    return moment.astimezone(ZoneInfo(tz))


def device(device_type: str | None, browser: str | None) -> str:
    """Mobile, Safari; what is not known is left out."""
    return ", ".join(part for part in (formats.words(device_type) if device_type else "", browser) if part) or "Unknown browser"


def _later(gap: timedelta) -> str:
    seconds = gap.total_seconds()
    name, size = next(((name, size) for name, size in TIMES.items() if seconds >= size), ("min", 60))
    count = max(1, round(seconds / size))
    return f"{count} {name}" if name == "min" else formats.counted(count, name)


def _chapter(chapter: Chapter, currency: str, tz: str, now: datetime):
    session = chapter.session
    sign = DEVICES.get(session.device_type, "bi-globe") if session else "bi-receipt"
    facts = _session_facts(session, now) if session else "Outside of the sessions known here"
    head = html.Div(
        [
            html.Span(ui.icon(sign), className="line-dot"),
            html.Div([html.H3(_head_time(chapter.start, tz, now)), html.P(facts, className="line-facts num")]),
        ],
        className="line-head",
    )
    lines = [_line(line, chapter, number == 0, currency, tz) for number, line in enumerate(chapter.lines)]
    return html.Li([head, html.Ol(lines, className="line-events")], className="line-session")


def _head_time(moment: datetime, tz: str, now: datetime) -> str:
    there = local(moment, tz)
    return f"{formats.DAYS[there.weekday()]} {formats.day(there.date(), local(now, tz).date())}, {there:%H:%M}"


def _session_facts(session: JourneySession, now: datetime) -> str:
    seconds = (session.ended_at - session.started_at).total_seconds()
    lasted = formats.duration(seconds) if seconds >= 1 else ""
    parts = [device(session.device_type, session.browser), formats.words(session.channel) if session.channel else ""]
    parts += [f"{lasted} so far" if lasted and now - session.ended_at < RUNNING else lasted]
    parts += [formats.counted(session.pages, "page") if session.pages else formats.counted(session.events, "event")]
    return " · ".join(part for part in parts if part)


def _line(line: Line, chapter: Chapter, is_first: bool, currency: str, tz: str):
    clock = html.Span(f"{local(line.at, tz):%H:%M}", className="quiet num")
    if line.kind == "order":
        sign = "bi-cart-check" if line.order.kind == "sale" else "bi-arrow-counterclockwise"
        dot = html.Span(ui.icon(sign), className="line-dot is-order" if line.order.kind == "sale" else "line-dot")
        return html.Li([clock, dot, _order(line.order, currency)], className="has-order")
    if line.kind == "more":
        return html.Li([clock, html.Span(ui.icon("bi-three-dots"), className="line-dot"), *_more(line)])
    if line.kind == "left":
        at = words.place(line.step) if line.step else ""
        money = ui.status("warn", f"{formats.money(chapter.session.cart_value, currency, exact=True)} open")
        text = _text("Left with a full cart", f"at {at}" if at else "")
        return html.Li([clock, html.Span(ui.icon("bi-box-arrow-right"), className="line-dot"), text, money])
    told = words.of(line.step, chapter.session if is_first else None, currency)
    dot = html.Span(ui.icon(told.sign), className="line-dot")
    right = html.Span(told.right, className="num" if told.is_money else "num quiet")
    return html.Li([clock, dot, _text(told.what, told.more, told.quote), right])


def _text(what: str, more: str = "", quote: str = ""):
    name = html.B(what) if quote else what
    parts = [html.Span([name, html.Span(more, className="quiet line-more")] if more else name)]
    return html.Div(parts + ([html.Blockquote(quote)] if quote else []))


def _more(line: Line) -> list:
    names = [words.short(step) for step in line.folded]
    lasted = (line.folded[-1].timestamp - line.folded[0].timestamp).total_seconds()
    what = line.what if len(names) > 1 else line.what.removesuffix("s")
    folded = html.Details([html.Summary(f"{len(names)} more {what}"), html.Ul([html.Li(name) for name in names])])
    return [html.Div(folded), html.Span(formats.duration(lasted) if lasted >= 1 else "", className="num quiet")]


def _order(order: PersonOrder, currency: str):
    name, tone, state = KINDS.get(order.kind, ("Order", STATES.get(order.status, "info"), _state(order)))
    sign = formats.MINUS if order.kind in KINDS else ""
    total = sign + formats.money(order.amount, currency, exact=True)
    lines = [
        html.Div(
            [
                html.Span(f"{abs(line.quantity)} × {line.product or 'Something'}"),
                html.Span(formats.money(line.amount, currency, exact=True), className="num"),
            ],
            className="order-line",
        )
        for line in order.lines
    ]
    head = [html.Span([html.B(f"{name} {order.order_id}"), ui.status(tone, state)], className="order-name"), html.B(total, className="num")]
    return html.Div([html.Div(head, className="order-head"), *lines], className="order")


def _state(order: PersonOrder) -> str:
    if order.status == "paid" and order.payment:
        return f"Paid by {order.payment.replace('_', ' ')}"
    return formats.words(order.status or "placed")
