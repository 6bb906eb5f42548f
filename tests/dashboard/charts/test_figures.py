"""The other figures: bars, stacks, flows, heat maps, histograms, the map."""

import re

import pytest

from dashboard import charts, tokens
from dashboard.pages import parts_examples as examples

FIGURES = (
    examples.trend,
    examples.lines,
    examples.sankey,
    examples.heat_map,
    examples.world,
    examples.bars,
    examples.stacked,
    examples.histogram,
)


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize("theme", tokens.THEMES)
def test_every_colour_is_a_token_of_its_theme_so_that_the_switch_finds_it(draw, theme):
    found = set(re.findall(r"#[0-9A-Fa-f]{6}\b|rgba?\([^)]*\)", draw(theme).to_json()))
    assert found <= set(tokens.THEMES[theme].values())


@pytest.mark.parametrize("draw", FIGURES)
def test_every_figure_carries_its_table(draw):
    meta = draw("light").layout.meta
    assert meta["rows"]
    assert {len(row) for row in meta["rows"]} == {len(meta["columns"])}


def test_bars_begin_at_zero_with_the_largest_on_top():
    figure = charts.bars([("Email", 81, "€81"), ("Social", 24, "€24")], "light", columns=("Channel", "EUR"))
    assert (list(figure.data[0].y), list(figure.data[0].x), figure.layout.xaxis.rangemode) == (["Social", "Email"], [24, 81], "tozero")
    assert figure.layout.meta == {"columns": ["Channel", "EUR"], "rows": [["Email", 81], ["Social", 24]]}


def test_the_open_bar_is_hatched_and_the_usual_total_dashed():
    figure = charts.stacked(["01:00", "02:00"], {"Browser": [3, 1], "Server": [2, None]}, "light", usual=[4.5, None], is_open=True)
    assert [list(trace.marker.pattern.shape) for trace in figure.data[:2]] == [["", "/"], ["", "/"]]
    assert (figure.data[2].name, list(figure.data[2].y), figure.data[2].line.dash) == ("Usual", [4.5, None], "4px 3px")
    assert figure.layout.meta["rows"] == [["01:00", 3.0, 2.0, 4.5], ["02:00", 1.0, None, None]]


def test_a_sankey_keeps_one_column_per_step_and_greys_who_left():
    figure = charts.sankey(["Home", "Product", "Left"], [(0, 1, 60), (0, 2, 40)], "light", grey={2}, columns=[0, 1, 1])
    node, link = figure.data[0].node, figure.data[0].link
    assert list(node.x) == [0.001, 0.999, 0.999]
    assert list(node.color) == [tokens.LIGHT["series-1"], tokens.LIGHT["series-1"], tokens.LIGHT["past"]]
    assert list(link.color) == [tokens.LIGHT["seq-2"], tokens.LIGHT["grid"]]
    assert figure.layout.meta["rows"] == [["Home", "Product", 60], ["Home", "Left", 40]]


def test_nodes_of_a_column_lie_below_each_other_as_tall_as_what_flows_through_them():
    figure = charts.sankey(["Home", "Product", "Left"], [(0, 1, 60), (0, 2, 40)], "light", columns=[0, 1, 1])
    assert [round(y, 3) for y in figure.data[0].node.y] == [0.477, 0.286, 0.809]


def test_a_month_that_is_not_over_is_an_empty_cell():
    figure = charts.heat_map(["Jun", "Jul"], ["1", "2"], [[0.2, 0.1], [0.3, None]], "light")
    assert [list(row) for row in figure.data[0].z] == [[0.2, 0.1], [0.3, None]]
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 0.3)


def test_a_heat_map_of_nothing_draws():
    assert charts.heat_map([], [], [], "dark").data[0].zmax == 1


def test_a_histogram_marks_its_median():
    figure = charts.histogram([(0, 10, 3), (10, 20, 5)], "light", median=12, median_text="half above €12", unit=charts.money("EUR"))
    assert (list(figure.data[0].x), list(figure.data[0].y), list(figure.data[0].width)) == ([5, 15], [3, 5], [10, 10])
    assert list(figure.data[0].customdata) == ["€0 – €10", "€10 – €20"]
    assert [note.text for note in figure.layout.annotations] == ["half above €12"]


def test_a_map_puts_countries_into_classes_of_equal_size():
    figure = charts.world({"DEU": 100, "FRA": 50, "NLD": 20, "POL": 10, "SWE": 1}, "light", unit=charts.money("EUR"))
    assert dict(zip(figure.data[0].locations, figure.data[0].z, strict=True)) == {"SWE": 1, "POL": 2, "NLD": 3, "FRA": 4, "DEU": 5}
    assert charts.CONFIG["topojsonURL"] == "/app/assets/maps/"


def test_units_follow_the_metrics():
    assert charts.unit_of("money", "USD") == charts.money("USD")
    assert [charts.unit_of(kind, "USD") for kind in ("count", "share", "duration")] == [charts.COUNT, charts.SHARE, charts.SECONDS]
