"""What did this person do? One line through all sessions, on all browsers that are known to be theirs."""

from datetime import UTC, datetime, timedelta

from dash import Input, Output, State, dcc, html, no_update

from analytics import journey, person_news, persons
from analytics.journey import Journey
from dashboard import auth, formats, scope_bar
from dashboard import components as ui
from dashboard.page import Page
from dashboard.pages import journeys_found, journeys_line, journeys_story

PAGE = Page(
    path="/journeys",
    title="Journeys",
    question="What did this person do?",
    icon="bi-signpost-split",
    area="Behaviour",
    permission="read:analytics",
    key="j",
)
SHOW = {"all": "Everything", "orders": "Orders and feedback"}
SESSIONS = 20  # shown at first, and more with each click
MOST_SESSIONS = 500
ONLINE = timedelta(minutes=5)


def layout(**query):
    who = query.get("who")
    return html.Div(
        [
            ui.page_head(PAGE.title, PAGE.question),
            _search(query.get("q", "")),
            dcc.Store(id="journey-asked", data={"who": who, "sessions": _limit(query.get("sessions"))}),
            _person(query) if who else _newest(),
        ]
    )


def _search(asked: str):
    box = dcc.Input(
        id="journey-q",
        value=asked,
        placeholder="amelie.roth@example.com or 48102",
        type="search",
        autoComplete="off",
        debounce=0.2,
    )
    hits = html.Div(id="journey-hits", className="hits-place")
    label = html.Label("Person, e-mail address, visitor or order number", className="field-label", htmlFor="journey-q")
    return html.Div([label, html.Div([ui.icon("bi-search"), box], className="journey-search"), hits], className="journey-find")


def _person(query: dict):
    show = query.get("show") if query.get("show") in SHOW else "all"
    line = ui.card(
        html.Span("Journey", id="journey-name"),
        html.Div(id="journey-line"),
        sub=html.Span(id="journey-sub"),
        tools=[ui.segmented("journey-show", SHOW, show)],
        id="journey-card",
        menu=False,
        className="w8",
    )
    side = html.Div(
        [
            ui.card(
                "Person",
                html.Div(id="journey-facts"),
                tools=[html.Span(id="journey-now")],
                id="journey-who",
                menu=False,
                className="journey-facts",
            ),
            ui.card("Browsers", html.Div(id="journey-browsers"), sub="Joined by sign-in, not by guessing", id="journey-from", menu=False),
        ],
        className="w4 rows journey-side",
    )
    return html.Div([line, side], className="cols")


def _newest():
    sub = "The newest orders, left payments, feedback and returns"
    card = ui.card("Worth a look", html.Div(id="journey-newest"), sub=sub, id="journey-news", menu=False, className="w8 newest")
    return html.Div(card, className="cols")


def register(app):
    @app.callback(Output("journey-hits", "children"), Input("journey-q", "value"))
    def find(asked):
        text = (asked or "").strip()
        if len(text) < persons.SHORTEST:
            return []
        shop = scope_bar.scope(None)
        return journeys_found.hits(persons.search(shop.tenant, text), text, shop.currency)

    @app.callback(Output("journey-newest", "children"), Input("journey-asked", "data"), card="journey-news")
    def newest(_asked):
        shop = scope_bar.scope(None)
        found = person_news.run(shop.tenant)
        if not found:
            text = "Orders, left payments, feedback and returns of the last 30 days appear here. Search for anybody above."
            raise ui.Instead(ui.no_data("news", text))
        return journeys_found.newest(found, shop.currency, shop.tz)

    @app.callback(
        Output("journey-name", "children"),
        Output("journey-sub", "children"),
        Output("journey-line", "children"),
        Output("journey-facts", "children"),
        Output("journey-now", "children"),
        Output("journey-browsers", "children"),
        Input("journey-asked", "data"),
        Input("journey-show", "value"),
        State("url", "search"),
        card=("journey-card", "journey-who", "journey-from"),
    )
    def draw(asked, show, search):
        shop, now = scope_bar.scope(None), datetime.now(UTC)
        found = journey.run(auth.identity().tenant, asked["who"], limit=asked["sessions"])
        earlier = _earlier(found, search, asked["sessions"])
        story = journeys_story.tell(found, only_money=show == "orders")
        return (
            _name(found),
            _sub(found, shop.tz, now),
            journeys_line.render(story, earlier=earlier, currency=shop.currency, tz=shop.tz, now=now),
            ui.pairs(_facts(found, shop.currency, shop.tz)),
            _presence(found, now),
            _browsers(found, shop.tz),
        )

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("journey-show", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def keep(show, search):
        wanted = scope_bar.with_parameter(search, "show", show, "all")
        return no_update if wanted == (search or "") else wanted


def _limit(text: str | None) -> int:
    try:
        return min(max(int(text or SESSIONS), 1), MOST_SESSIONS)
    except ValueError:
        return SESSIONS


def _name(found: Journey) -> str:
    return found.facts.name or found.facts.email or (found.user_id or f"Visitor {found.key}")


def _sub(found: Journey, tz: str, now: datetime) -> str:
    facts = found.facts
    parts = [formats.counted(facts.sessions, "session")] if facts.sessions else [formats.counted(facts.orders, "order")]
    parts += [f"on {formats.counted(len(facts.browsers), 'browser')}"] if facts.browsers else []
    until = "now" if facts.last_seen and now - facts.last_seen < ONLINE else _day(facts.last_seen, tz)
    return f"{' '.join(parts)}, {_day(facts.first_seen, tz)} – {until}. Times in {tz}"


def _day(moment: datetime | None, tz: str) -> str:
    today = journeys_line.local(datetime.now(UTC), tz).date()
    return formats.NONE if moment is None else formats.day(journeys_line.local(moment, tz).date(), today)


def _facts(found: Journey, currency: str, tz: str) -> list[tuple]:
    facts, money = found.facts, lambda amount: formats.money(amount, currency, exact=True)
    rows = [
        ("E-mail", facts.email or formats.NONE),
        ("First seen", _day(facts.first_seen, tz)),
        ("Last seen", formats.moment(facts.last_seen, tz)),
        ("Sessions", formats.whole(facts.sessions)),
        ("Orders", formats.whole(facts.orders)),
        ("Net revenue", money(facts.net_revenue)),
    ]
    rows += [("Returned", money(-facts.refunded))] if facts.refunded else []
    return rows + ([("Left in the cart", money(facts.open_cart))] if facts.open_cart else [])


def _presence(found: Journey, now: datetime):
    is_here = found.facts.last_seen and now - found.facts.last_seen < ONLINE
    return ui.status("good", "Online now") if is_here else []


def _browsers(found: Journey, tz: str):
    if not found.facts.browsers:
        return html.P("No browser of this person is known. Their orders came another way.", className="quiet")
    rows = [
        html.Li(
            [
                ui.icon(journeys_line.DEVICES.get(one.device_type, "bi-globe")),
                html.Div([html.Div(journeys_line.device(one.device_type, one.browser)), html.Small(html.Code(one.visitor_id))]),
                html.Span(f"since {_day(one.since, tz)}", className="quiet num"),
            ]
        )
        for one in reversed(found.facts.browsers)
    ]
    return html.Ul(rows, className="list")


def _earlier(found: Journey, search: str | None, shown: int):
    """The way to the sessions before those that are shown; nothing where all are."""
    left = found.facts.sessions - len(found.sessions)
    if left <= 0:
        return None
    more = min(left, SESSIONS)
    href = "/app/journeys" + scope_bar.with_parameter(search, "sessions", str(shown + SESSIONS), str(SESSIONS))
    return ui.link(f"Show {more} of {formats.counted(left, 'earlier session')}", href, "quiet", "bi-chevron-up")
