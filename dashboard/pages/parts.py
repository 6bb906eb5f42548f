"""What does each state and each chart look like? Developers copy from here; it is not there in production."""

from dash import dcc, html

from dashboard import components as ui
from dashboard import grid, theme
from dashboard.page import Page
from dashboard.pages import parts_examples as examples

PAGE = Page("/parts", "Parts", "What does each state and each chart look like?", "bi-grid", "", "read:analytics")


def layout(**_query):
    return html.Div(
        [
            ui.page_head(PAGE.title, PAGE.question, ui.button("Plain"), ui.button("Danger", "danger"), ui.button("Primary", "primary")),
            html.Div([*_charts(theme.chosen()), *_states(), *_small()], className="cols"),
            ui.drawer("parts-drawer"),
            ui.ask(
                "parts-ask",
                "Start promotion “Free shipping”?",
                "3,210 people see it. It costs at most €1,200 and stops on 30 Nov.",
                "Start promotion",
            ),
        ]
    )


def register(app):
    """Nothing to answer: the page shows what the parts look like with fixed examples."""


def _charts(chosen: str):
    drawn = {
        "Line, open bucket, notes": (examples.trend(chosen), "w7"),
        "Lines by group": (examples.lines(chosen), "w5"),
        "Sankey": (examples.sankey(chosen), "w7"),
        "Heat map": (examples.heat_map(chosen), "w5"),
        "Map": (examples.world(chosen), "w7"),
        "Ranked bars": (examples.bars(chosen), "w5"),
        "Stacked bars": (examples.stacked(chosen), "w7"),
        "Histogram": (examples.histogram(chosen), "w5"),
    }
    for title, (figure, width) in drawn.items():
        name = f"parts-{title.split()[0].lower()}-{title.split()[-1].lower()}"
        yield ui.card(title, ui.graph(name, 280, figure), className=width)
    yield ui.card("Table", grid.table("parts-table", examples.COLUMNS, examples.ROWS), className="w8 flush")
    yield ui.card("Causes", ui.causes(examples.CAUSES, "EUR", rest=examples.REST, rest_means="What no cause accounts for."), className="w4")


def _states():
    copy = ui.button("Copy snippet", "primary", "bi-clipboard")
    shown = {
        "Loading": html.Div(className="skeleton", style={"height": "160px"}, **{"aria-busy": "true"}),
        "No data yet": ui.no_data("events", "Put the snippet on your shop. The first event appears here within a second.", copy),
        "Nothing matches": ui.nothing_matches("orders", ["Poland", "Tablet"], "23 Oct – 19 Nov"),
        "Not permitted": ui.not_permitted("margins", "Manager"),
        "Failed": ui.failed("The question took longer than 20 s.", "7F3A", "parts"),
        "Too few": ui.too_few("Needs about 12 more days to see a difference of 3%."),
    }
    yield from (ui.card(title, state, menu=False, className="w4") for title, state in shown.items())
    yield ui.card(
        "Partial", [ui.partial("Without 18 Nov, 02:00–03:10: events are still being read."), ui.meter(0.64)], menu=False, className="w4"
    )
    running = ui.job("Training recommendations", 0.64, "41,200 of 64,380 orders read", "about 2 min left", ui.button("Stop", "quiet"))
    yield ui.card("A long job", running, menu=False, className="w4")


def _small():
    wrong = dcc.Input(value="80", type="number", id="parts-wrong")
    messages = [
        ui.status("good", "Saved"),
        ui.status("warn", "Numbers are 3 h old: the worker has stopped"),
        ui.status("bad", "Webhook failed 5 times"),
        ui.status("info", "Partial: 2 of 3 stores answered"),
        ui.field("Discount", wrong, error="Enter a number from 1 to 60"),
        ui.segmented("parts-switch", {"day": "Day", "week": "Week"}, "day"),
        ui.toast("Order 48211 approved", ui.button("Undo", "quiet", key="u")),
    ]
    yield ui.card("Messages", html.Div(messages, className="rows"), menu=False, className="w4")
    yield ui.card(
        "Facts",
        [ui.pairs([("Device", "Mobile"), ("Channel", "Email")]), ui.code("<script src=…></script>", "Snippet")],
        menu=False,
        className="w4",
    )
