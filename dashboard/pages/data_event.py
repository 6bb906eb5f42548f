"""One event of the live debugger: a row, and in the drawer how it was read, why, and what can be done."""

from uuid import UUID
from zoneinfo import ZoneInfo

from dash import Input, Output, State, dcc, html

import errors
from actions import replay, tenants
from actions.tenants import Tenant
from analytics import countries, event_names, page_types
from analytics.debugger import Arrival
from dashboard import auth, formats, scope_bar
from dashboard import components as ui
from dashboard.pages.data_chart import ORIGINS, seconds

VERDICTS = {"accepted": ("good", "Accepted"), "warning": ("warn", "Warning"), "rejected": ("bad", "Rejected")}
NOTES = {
    "no_amount": ("No amount: an order without revenue", "It is stored. Have the sender give a value or a price."),
    "corrected": ("The sender's clock is off: time corrected", "It stands at its true time. Set the sender's clock right."),
    "future": ("More than a day ahead: taken as of arrival", "It stands at the time of its arrival. Set the sender's clock right."),
    "unreadable": ("No time that can be read: taken as of arrival", "Send times as 2026-11-19T14:32:04Z or in milliseconds since 1970."),
}
REJECTED = "Not stored; the answer said why. Have the sender fixed, then send it again."


def row(arrival: Arrival, tz: str):
    """Time, what came and what it became, who, from where, and the verdict in a word."""
    tone, word = VERDICTS[arrival.verdict]
    name = html.B(arrival.sent or "Unreadable")
    became = [ui.icon("bi-arrow-right"), html.Span(arrival.event)] if arrival.event and arrival.event != arrival.sent else []
    return html.Button(
        [
            html.Span(_clock(arrival.at, tz), className="debug-time num"),
            html.Span([html.Span([name, *became], className="debug-name"), _note(arrival)], className="debug-what"),
            html.Span(_who(arrival), className="debug-who"),
            html.Span(ORIGINS.get(arrival.origin, arrival.origin), className="debug-from quiet"),
            ui.status(tone, word),
        ],
        id={"type": "data-row", "key": arrival.key},
        type="button",
        className="debug-row",
    )


def _clock(moment, tz: str) -> str:
    return moment.astimezone(ZoneInfo(tz)).strftime("%H:%M:%S.%f")[:-3]


def _note(arrival: Arrival):
    if arrival.verdict == "rejected":
        return html.Span(arrival.note, className="debug-note is-bad")
    if arrival.note:
        return html.Span(NOTES[arrival.note][0], className="debug-note is-warn")
    if _is_new(arrival):
        return html.Span("A name of its own, kept as it is", className="debug-note is-info")
    return html.Span(arrival.page_path or arrival.event_name or "", className="quiet")


def _is_new(arrival: Arrival) -> bool:
    return arrival.event is not None and arrival.event not in event_names.CANONICAL


def _who(arrival: Arrival) -> str:
    if arrival.person_name or arrival.person or arrival.user_id:
        return arrival.person_name or arrival.person or arrival.user_id
    return f"Visitor {arrival.visitor_id}" if arrival.visitor_id else formats.NONE


def details(arrival: Arrival, shop: Tenant):
    """The drawer: verdict with advice, how it was read and why, the event as it came, what can be done."""
    tone, word = VERDICTS[arrival.verdict]
    at = f" at {_clock(arrival.at, shop.timezone)}, from {ORIGINS.get(arrival.origin, arrival.origin)}"
    read = [] if arrival.verdict == "rejected" else [html.H3("How it was read"), ui.pairs(_reading(arrival, shop))]
    return [
        html.P([ui.status(tone, word), html.Span(at, className="quiet num")]),
        *_advice(arrival),
        *read,
        html.H3("As it came" if arrival.verdict == "rejected" else "What is stored of it"),
        ui.code(arrival.raw, "The event as JSON"),
        html.H3("What you can do"),
        html.Div(_verbs(arrival), className="drawer-acts"),
        html.Div(id="data-sent", className="data-said", role="status"),
        html.Div(id="data-named", className="data-said", role="status"),
    ]


def _advice(arrival: Arrival) -> list:
    if arrival.verdict == "rejected":
        field = f" The field is {arrival.field}." if arrival.field else ""
        checks = [("bad", arrival.note, REJECTED + field)]
    elif arrival.note:
        checks = [("warn", *NOTES[arrival.note])]
    elif _is_new(arrival):
        checks = [("info", "A name of its own, kept as it is", "Questions can use it at once. Give it a known name if it means the same.")]
    else:
        return []
    return [html.Div(ui.checks(checks), className="drawer-checks")]


def _reading(arrival: Arrival, shop: Tenant) -> list[tuple]:
    country = countries.name(arrival.country) if arrival.country else None
    where = ", ".join(part for part in (country, arrival.device_type, arrival.browser) if part)
    late = (arrival.received_at - arrival.at).total_seconds()
    return [
        ("Event", _said(arrival.sent, arrival.event, _why_event(arrival, shop))),
        ("Page type", _said(arrival.page_type, None, _why_page(arrival, shop))),
        ("Session", _said(arrival.session_id)),
        ("Visitor", _said(arrival.visitor_id)),
        ("Person", _said(arrival.person_name or arrival.person, None, "last sign-in of this session")),
        ("Time", _said(formats.moment(arrival.at, shop.timezone), None, shop.timezone)),
        ("Arrived", f"{seconds(late)} later" if late >= 0 else f"{seconds(-late)} before"),
        ("Country, device", where or formats.NONE),
        ("Channel", formats.words(arrival.channel) if arrival.channel else formats.NONE),
        ("Bot", f"yes, {arrival.bot_reason}" if arrival.bot_reason else "no"),
    ]


def _said(value: str | None, became: str | None = None, why: str | None = None):
    """The value, what it became, and where that comes from. Unknown is a dash."""
    if not value:
        return formats.NONE
    changed = [" ", ui.icon("bi-arrow-right"), f" {became}"] if became and became != value else []
    return [value, *changed, *([html.Span(f", {why}", className="quiet")] if why else [])]


def _why_event(arrival: Arrival, shop: Tenant) -> str:
    if arrival.sent in shop.event_aliases:
        return "this shop's own rule"
    if _is_new(arrival):
        return "kept as it is"
    return "" if arrival.sent == arrival.event else "a known name for it"


def _why_page(arrival: Arrival, shop: Tenant) -> str:
    if arrival.properties.get("page_type") or arrival.properties.get("pageType"):
        return "as sent"
    by_address = page_types.of("", arrival.page_url or "", "", shop.page_rules) if arrival.page_url else ""
    return "from the address" if by_address == arrival.page_type else "from the event"


def _verbs(arrival: Arrival) -> list:
    verbs = []
    if arrival.verdict == "rejected":
        verbs.append(ui.button("Send it again", sign="bi-arrow-repeat", id="data-again", **{"data-letter": arrival.key}))
    elif who := arrival.person or arrival.visitor_id:
        verbs.append(ui.link("Show this journey", scope_bar.carry("/journeys", "", who=who), sign="bi-signpost-split"))
    if _is_new(arrival):
        names = {name: formats.words(name) for name in sorted(event_names.CANONICAL)}
        choice = dcc.Dropdown(names, id="data-meaning", placeholder="Choose a known name", maxHeight=260)
        verbs.append(ui.field(f"From now on, read “{arrival.sent}” as", choice, "What is stored already keeps its name"))
        verbs.append(ui.button("Read it so", sign="bi-tag", id="data-name"))
    return verbs or [html.P("Nothing: this one is fine.", className="quiet")]


def register(app):
    """What the verbs of the drawer do."""

    @app.callback(
        Output("data-sent", "children"),
        Input("data-again", "n_clicks"),
        State("data-event", "data"),
        prevent_initial_call=True,
    )
    def send_again(_clicks, asked):
        try:
            replay.replay(auth.identity().tenant, UUID(asked["key"].partition(":")[2]))
        except errors.EcapError as problem:
            return ui.status("bad", problem.message)
        return ui.status("good", "Accepted this time. It appears in the list within a second.")

    @app.callback(
        Output("data-named", "children"),
        Input("data-name", "n_clicks"),
        State("data-meaning", "value"),
        State("data-drawer", "title"),
        prevent_initial_call=True,
    )
    def rename(_clicks, meaning, name):
        if not meaning:
            return ui.status("bad", "Choose a known name first.")
        shop = tenants.load(auth.identity().tenant)
        tenants.change(shop.id, event_aliases=shop.event_aliases | {name: meaning})
        return ui.status("good", f"“{name}” is read as {formats.words(meaning).lower()} from now on.")
