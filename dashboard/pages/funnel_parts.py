"""The funnel itself, its breakdown and what is said of those who left, drawn."""

from datetime import timedelta

from dash import html

from analytics.dropoffs import DropOff
from analytics.funnel import Definition, Funnel, Group, Reached
from analytics.scope import Scope
from dashboard import components as ui
from dashboard import formats, grid, scope_bar
from dashboard.pages.funnel_state import ONE_AND_MANY, UNITS

LOST = (
    "Expected, not owed: what lay in the cart of those who left here, or else an average order, times the share of all at this step "
    "that reaches the last one."
)
NO_MONEY = "Nobody reached the last step, or no order is known: no money can be named."
FEW = 30  # below it a difference in percent says nothing
BY = {"device": "Device", "channel": "Channel", "country": "Country"}


def label(text: str) -> str:
    """A step's name as it is shown: Home for home, addresses as they are."""
    return formats.words(text) if text.islower() and "/" not in text else text


def step_names(definition: Definition) -> list[str]:
    return [label(text) for text in definition.labels]


def group_name(by: str, value: str) -> str:
    """A value of the breakdown in words."""
    return scope_bar.label(by, value) if value else "Not known"


def headline(found: Funnel, before: Funnel | None, definition: Definition):
    """How many go the whole way, and how that changed."""
    names = step_names(definition)
    many = ONE_AND_MANY[found.unit][1]
    share = found.steps[-1].share
    text = f"{formats.percent(share)} of {many} went from “{names[0]}” to “{names[-1]}”{window_words(definition.window)}"
    if before is None:
        return text + "."
    was = before.steps[-1].share
    return html.Span([text + ", ", ui.delta(share, was, formats.percent(was), points=True)])


def window_words(window: timedelta | None) -> str:
    """` within 7 days`; nothing where there is no limit."""
    if window is None:
        return ""
    days, hours, minutes = window / timedelta(days=1), window / timedelta(hours=1), window / timedelta(minutes=1)
    for amount, name in ((days, "day"), (hours, "hour"), (minutes, "minute")):
        if amount >= 1 and amount == int(amount):
            return f" within {formats.counted(int(amount), name)}"
    return f" within {formats.duration(window.total_seconds())}"


def steps(found: Funnel, definition: Definition, currency: str):
    """The funnel as a list: numbered steps, bars, and under each what became of those who reached it."""
    costs = {number: step.revenue_lost for number, step in enumerate(found.steps) if step.revenue_lost}
    dearest = max(costs, key=costs.get, default=None)
    names = step_names(definition)
    items = [
        _step(number, names[number], step, found, currency, is_optional=definition.steps[number].optional, is_dearest=number == dearest)
        for number, step in enumerate(found.steps)
    ]
    return html.Ol(items, className="funnel", **ui.rows_of(*_rows(found, names)))


def _rows(found: Funnel, names: list[str]) -> tuple[list[str], list[list]]:
    columns = ["Step", UNITS[found.unit], "Share of first", "Share of step before", "Left", "Seconds to next", "Revenue lost"]
    values = [
        [name, s.count, s.share, s.step_share, s.left, None if s.median_ms is None else s.median_ms / 1000, s.revenue_lost]
        for name, s in zip(names, found.steps, strict=True)
    ]
    return columns, values


def _step(number: int, name: str, step: Reached, found: Funnel, currency: str, *, is_optional: bool, is_dearest: bool):
    optional = html.Span(" optional", className="quiet step-optional") if is_optional else ""
    count = [html.B(formats.whole(step.count)), f"  {formats.percent(step.share, 1)}"]
    title = html.Span([html.Span(number + 1, className="step-no"), name, optional], className="step-name", title=name)
    head = html.Div([title, html.Span(count, className="step-count num")], className="step-head")
    share = step.share or 0
    bar = html.Div(className="step-bar", style={"--share": f"{share:.2%}"})
    if number + 1 == len(found.steps):
        return html.Li([head, html.Div(bar, className="step-plot"), _last_foot(found, currency)])
    after = found.steps[number + 1].share or 0
    slope = html.Div(className="step-slope", style={"clipPath": f"polygon(0 {1 - share:.2%}, 100% {1 - after:.2%}, 100% 100%, 0 100%)"})
    foot = _foot(number, step, currency, is_dearest=is_dearest)
    return html.Li([head, html.Div([bar, slope], className="step-plot"), foot])


def _foot(number: int, step: Reached, currency: str, *, is_dearest: bool):
    goes_on = None if step.left_share is None else 1 - step.left_share
    wait = "–" if step.median_ms is None else formats.duration(step.median_ms / 1000)
    lost = html.B(f"{formats.money(step.revenue_lost, currency)} lost") if step.revenue_lost else ""
    button = html.Button(
        [ui.icon("bi-arrow-down-right"), f"{formats.whole(step.left)} left", lost],
        id={"type": "funnel-leave", "step": number},
        type="button",
        className="leave" + (" is-most" if is_dearest else ""),
        disabled=not step.left,
        **{"data-tip": NO_MONEY if step.revenue_lost is None else LOST},
    )
    continues = html.Span([html.B(formats.percent(goes_on, 1)), " continue"])
    return html.Div([continues, html.Span(f"{wait} to next", className="quiet"), button], className="step-foot num")


def _last_foot(found: Funnel, currency: str):
    lines = []
    if found.average_order is not None:
        lines.append(html.Span(f"Average order {formats.money(found.average_order, currency)}"))
        lines.append(html.Span(f"{formats.money(found.revenue, currency)} revenue", className="quiet"))
    return html.Div(lines, className="step-foot num")


def columns(by: str, unit: str, last: str, most: float = 1) -> list[dict]:
    """The columns of the breakdown; `most` is the share of a full bar."""
    return [
        {"field": "name", "headerName": BY[by], "flex": 2, "minWidth": 96},
        {"field": "count", "headerName": UNITS[unit], "flex": 2, **grid.WIDE, **grid.count()},
        {"field": "share", "headerName": last, "flex": 3, **grid.SHARE, "cellRendererParams": {"max": most or 1}},
        {"field": "change", "headerName": "Change", "flex": 2, **grid.DELTA},
    ]


def rows(found: Funnel, before: Funnel | None, by: str) -> list[dict]:
    """The groups, largest first."""
    earlier = {group.value: group for group in before.groups} if before else {}
    return [_row(group_name(by, group.value), group.steps, earlier.get(group.value)) for group in found.groups]


def total_row(found: Funnel, before: Funnel | None) -> dict:
    """All of them, for the line below the table."""
    return _row("All", found.steps, Group("", before.steps) if before else None)


def _row(name: str, now: list[Reached], before: Group | None) -> dict:
    first, last = now[0], now[-1]
    change = None
    if before and min(last.count, before.steps[-1].count) >= FEW:
        change = (last.share / before.steps[-1].share - 1) * 100
    return {"name": name, "count": first.count, "share": last.share, "change": change}


def left(found: DropOff, definition: Definition, number: int, scope: Scope, search: str | None):
    """What the drawer says of those who left at a step."""
    many = ONE_AND_MANY[definition.unit][1]
    share = formats.percent(found.left_share, 1)
    lost = [", ", ui.term(f"{formats.money(found.revenue_lost, scope.currency)} lost", LOST)] if found.revenue_lost else []
    return [
        html.P([html.B(formats.whole(found.left)), f" {many}, {share} of all at this step", *lost, "."], className="num"),
        ui.heading("The last sign of them"),
        *[_cause(reason.reason, reason.count, reason.share, found.reasons[0].share) for reason in found.reasons],
        html.P(f"One sign each; together they are the {formats.whole(found.left)} who left.", className="quiet num"),
        ui.heading("Last page"),
        *[_cause(page, count, share, found.last_pages[0][2]) for page, count, share in found.last_pages],
        ui.heading("What you can do"),
        html.Div(
            [
                ui.link("Show journeys", scope_bar.carry_all("/journeys", search), "primary", "bi-list-ul"),
                ui.link("Show where they went", scope_bar.carry_all("/paths", search, **_start(definition, number)), sign="bi-shuffle"),
            ],
            className="drawer-acts",
        ),
    ]


def _start(definition: Definition, number: int) -> dict:
    """Paths begins at the step, where it is one that paths know."""
    step = definition.steps[number]
    known = {"event": "event", "page_type": "page_type", "page": "page"}
    if step.operator != "is" or step.kind not in known or step.any_of:
        return {}
    return {"start": step.value} | ({} if step.kind == "page_type" else {"by": known[step.kind]})


def _cause(text: str, count: int, share: float, most: float):
    number = html.B(formats.percent(share, 0 if share >= 0.1 else 1), className="num", title=formats.whole(count))
    return html.Div([html.Div(label(text)), number, html.Div(ui.meter(share / most), className="cause-wide")], className="cause")
