"""The words, table, findings and drawer of Paths."""

from dash import dcc, html

from analytics.path_findings import Finding
from analytics.paths import Node, Paths, WholePath
from dashboard import components as ui
from dashboard import formats, grid, scope_bar

KINDS = {"left": "Left", "came in": "Came in", "other": "Other"}
REVENUE = "Net revenue of the orders placed in these sessions, returned later or not, divided by the number of sessions."
SHARE = {"function": "params.value == null ? '–' : d3.format(params.value % 1 ? '.1%' : '.0%')(params.value)"}
PAID = ("confirmation", "purchase")  # who ends here has not left
FEW = 30  # below it a difference in percent says nothing


def word(name: str, by: str) -> str:
    """Add to cart for add_to_cart; addresses stay as they are."""
    return name if by == "page" else formats.words(name)


def node_word(node: Node, by: str) -> str:
    """What stands beside a node."""
    return word(node.name, by) if node.name is not None else KINDS[node.kind]


def title(name: str, *, backwards: bool) -> str:
    """The head of the picture."""
    return f"How they came to {name}" if backwards else f"Where they went from {name}"


def columns(currency: str) -> list[dict]:
    """The columns of whole paths, amounts in the shop's currency."""
    path = {"field": "path", "headerName": "Path", "flex": 6, "minWidth": 180, "cellClass": "cell-link cell-wrap"}
    amount = grid.money(currency, exact=True)
    return [
        {**path, "wrapText": True, "autoHeight": True},
        {"field": "sessions", "headerName": "Sessions", "flex": 2, **grid.count()},
        {"field": "paid", "headerName": "Paid", "flex": 2, **grid.NUMBER, **grid.WIDE, "valueFormatter": SHARE},
        {"field": "revenue", "headerName": "Revenue per session", "flex": 2, **grid.WIDE, **amount, "minWidth": 150},
        {"field": "change", "headerName": "Sessions, change", "flex": 2, **grid.WIDE, **grid.DELTA, "cellRendererParams": {"good": "none"}},
    ]


def row(number: int, way: WholePath, by: str, *, compared: bool, backwards: bool) -> dict:
    """A path as a row of the table; `names` is for its drawer."""
    change = formats.change(way.sessions, way.before) if compared and min(way.sessions, way.before) >= FEW else None
    size = (way.sessions / way.before - 1) * 100 if change else None
    return {
        "id": number,
        "path": " → ".join(_words(way, by, backwards=backwards)),
        "names": way.steps,
        "sessions": way.sessions,
        "share": way.share,
        "before": way.before if compared else None,
        "paid": way.paid_share,
        "revenue": None if way.revenue_per_session is None else float(way.revenue_per_session),
        "change": size,
    }


def _words(way: WholePath, by: str, *, backwards: bool) -> list[str]:
    """The steps, with "Left" where the session ended there and "…" where it went on, or had begun earlier."""
    words = [word(step, by) for step in way.steps]
    if not way.ended:
        return ["…", *words] if backwards else [*words, "…"]
    return words if backwards or way.steps[-1] in PAID else [*words, "Left"]


def table_sub(found: Paths, currency: str):
    """What the table says beside its rows."""
    return [
        "By number of sessions, 20 at most. ",
        ui.term("Revenue per session", REVENUE),
        f" of all these: {money(found.revenue_per_session, currency)}",
    ]


def money(amount, currency: str) -> str:
    """An amount to the cent."""
    return formats.money(amount, currency, exact=True)


def findings(found: list[Finding], by: str, currency: str, search: str | None, now: tuple[str, str | None]):
    """The findings as a list; a sentence where there is none. now: the side and the node that are shown, not offered again."""
    if not found:
        return html.P("Nothing out of the ordinary, or too few sessions to say.", className="quiet")
    return html.Ul([_finding(finding, by, currency, search, now) for finding in found], className="list")


def _finding(finding: Finding, by: str, currency: str, search: str | None, now: tuple[str, str | None]):
    tone, what, why, further = _said(finding, by, currency)
    side, node = further if further != now else ("start" if now[0] == "end" else "end", finding.steps[0])
    way = dcc.Link(
        [f"{side.capitalize()} at {word(node, by)} ", ui.icon("bi-arrow-right")],
        href=scope_bar.carry_all("/paths", search, by=by, **{side: node}),
        className="verb",
    )
    return html.Li([ui.status(tone, ""), html.Div([html.Div(what), html.Small(why), way])])


def _said(finding: Finding, by: str, currency: str) -> tuple[str, str, str, tuple[str, str]]:
    """Tone, headline, reason, and the start or end to go on with."""
    words = [word(step, by) for step in finding.steps]
    if finding.kind == "leaves":
        why = f"{formats.percent(finding.share, 0)} of {formats.whole(finding.sessions)} leave there{_was(finding)}"
        return "warn", f"Most leave after {words[0]}", why, ("start", finding.steps[0])
    if finding.kind == "earns":
        why = f"{money(finding.amount, currency)} per session in {formats.counted(finding.sessions, 'session')}"
        return "good", f"{' → '.join(words)} earns most", why, ("end", finding.steps[-1])
    if finding.kind == "back":
        why = f"{formats.percent(finding.share, 0)} of {formats.whole(finding.sessions)} go back{_was(finding)}"
        return "info", f"From {words[0]} back to {words[1]}", why, ("start", finding.steps[0])
    why = f"{formats.percent(finding.share, 0)} more sessions than before, {formats.whole(finding.sessions)} now"
    return "info", f"More go {' → '.join(words)}", why, ("end", finding.steps[-1])


def _was(finding: Finding) -> str:
    return "" if finding.before is None else f", was {formats.percent(finding.before, 0)}"


def details(row: dict, by: str, search: str | None):
    """The drawer of a path: its steps, its numbers, what can be done."""
    names = [word(name, by) for name in row["names"]]
    steps = [html.Li([html.Span(number, className="step-no"), name]) for number, name in enumerate(names, start=1)]
    before = [] if row["before"] is None else [("Sessions before", formats.whole(row["before"]))]
    return [
        html.Ol(steps, className="path-list"),
        ui.pairs(
            [
                ("Sessions", formats.whole(row["sessions"])),
                *before,
                ("Of all these sessions", formats.percent(row["share"])),
                ("Paid", formats.percent(row["paid"])),
            ]
        ),
        html.Div(ui.meter(row["share"] or 0), className="drawer-meter"),
        html.H3("What you can do"),
        html.Div(_actions(row, by, search), className="drawer-acts"),
    ]


def _actions(row: dict, by: str, search: str | None) -> list:
    first, last = row["names"][0], row["names"][-1]
    ways = [("Start at", {"start": last}, "bi-arrow-bar-right"), ("End at", {"end": last}, "bi-arrow-bar-left")]
    if first != last:
        ways.insert(0, ("Start at", {"start": first}, "bi-arrow-bar-right"))
    return [
        ui.link(f"{verb} {word(next(iter(node.values())), by)}", scope_bar.carry_all("/paths", search, by=by, **node), sign=sign)
        for verb, node, sign in ways
    ]
