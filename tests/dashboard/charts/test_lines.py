"""Lines over time: what is drawn, and the table behind it."""

from decimal import Decimal

from dashboard import charts, tokens

NOW = [("2026-11-01", Decimal("10.5")), ("2026-11-02", None), ("2026-11-03", Decimal(4))]
BEFORE = [("x", Decimal(8)), ("x", Decimal(9)), ("x", Decimal(7))]


def drawn(figure):
    return [(trace.name, list(trace.x), list(trace.y), trace.line.dash) for trace in figure.data]


def test_the_open_bucket_is_dashed_and_ends_in_a_hollow_dot_and_the_earlier_period_lies_on_these_days():
    figure = charts.trend(NOW, BEFORE, "light", name="Net revenue", unit=charts.money("EUR"), is_open=True)
    assert drawn(figure) == [
        ("Net revenue", ["2026-11-01", "2026-11-02"], [10.5, None], None),
        (None, ["2026-11-02", "2026-11-03"], [None, 4.0], "2px 3px"),
        ("Not over yet", ["2026-11-03"], [4.0], None),
        ("Previous period", ["2026-11-01", "2026-11-02", "2026-11-03"], [8.0, 9.0, 7.0], "4px 3px"),
    ]
    assert figure.data[2].marker.color == tokens.LIGHT["surface"]


def test_a_period_that_is_over_is_one_solid_line():
    figure = charts.trend(NOW, [], "dark", name="Orders", unit=charts.COUNT, is_open=False)
    assert drawn(figure) == [("Orders", ["2026-11-01", "2026-11-02", "2026-11-03"], [10.5, None, 4.0], None)]


def test_the_table_of_a_chart_holds_its_rows():
    figure = charts.trend(NOW, BEFORE[:2], "light", name="Orders", unit=charts.COUNT, is_open=False)
    assert figure.layout.meta == {
        "columns": ["When", "Orders", "Previous period"],
        "rows": [["2026-11-01", 10.5, 8.0], ["2026-11-02", None, 9.0], ["2026-11-03", 4.0, None]],
    }


def test_a_longer_earlier_period_is_cut_to_these_days():
    figure = charts.trend(NOW[:1], BEFORE, "light", name="Orders", unit=charts.COUNT, is_open=False)
    assert drawn(figure) == [("Orders", ["2026-11-01"], [10.5], None), ("Previous period", ["2026-11-01"], [8.0], "4px 3px")]
    assert figure.data[0].mode == "markers"  # a line of one point would be invisible


def test_nothing_at_all_is_an_empty_chart():
    assert drawn(charts.trend([], [], "light", name="Orders", unit=charts.COUNT, is_open=False)) == [("Orders", [], [], None)]
    assert len(charts.lines({}, "light", unit=charts.COUNT).data) == 0


def test_groups_are_named_at_their_ends_and_no_two_names_lie_on_each_other():
    series = {"Desktop": [("a", 1.0), ("b", 0.9)], "Mobile": [("a", 0.5), ("b", 0.5)], "Tablet": [("a", 0.4), ("b", 0.51)]}
    figure = charts.lines(series, "light", unit=charts.SHARE)
    assert {note.text: round(note.y, 3) for note in figure.layout.annotations} == {"Mobile": 0.5, "Tablet": 0.575, "Desktop": 0.9}
    assert [trace.line.color for trace in figure.data] == tokens.series("light")[:3]


def test_notes_are_hairlines_with_words():
    figure = charts.trend(NOW, [], "light", name="Orders", unit=charts.COUNT, is_open=False, notes=[("2026-11-02", "Rule on")])
    assert [note.text for note in figure.layout.annotations] == ["Rule on"]
    assert len(figure.layout.shapes) == 1


def test_ticks_stand_on_buckets():
    days = [(f"2026-11-{n:02}", 1) for n in range(1, 29)]
    figure = charts.trend(days, [], "light", name="Orders", unit=charts.COUNT, is_open=False)
    assert list(figure.layout.xaxis.tickvals) == ["2026-11-01", "2026-11-08", "2026-11-15", "2026-11-22"]


def test_money_has_its_sign_as_a_prefix_and_small_amounts_no_metric_prefix():
    assert charts.money("EUR").axis(15_000) == {"tickprefix": "€", "tickformat": "~s"}
    assert charts.money("EUR").axis(0.5) == {"tickprefix": "€", "tickformat": "~f"}
    assert charts.SHARE.axis(0.05) == {"tickprefix": "", "tickformat": ".1%"}
    assert charts.money("EUR").template() == "€%{y:,.2f}"
