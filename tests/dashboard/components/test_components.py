"""The parts: words, roles and attributes that pages rely on."""

import json
from decimal import Decimal

import pytest

from dashboard import components as ui
from tests.dashboard.conftest import texts


def found(tree, key):
    """All values of the attribute `key` in a component tree."""
    plain = json.loads(json.dumps(tree, default=lambda part: part.to_plotly_json()))
    return list(_values(plain, key))


def _values(tree, key):
    if isinstance(tree, dict):
        yield from ([tree[key]] if key in tree else [])
        for part in tree.values():
            yield from _values(part, key)
    elif isinstance(tree, list):
        for part in tree:
            yield from _values(part, key)


def test_a_button_shows_its_key_and_is_clicked_by_it():
    button = ui.button("Approve", "primary", "bi-check", key="a", id="approve")
    assert texts(button) == "Approve A"
    assert (found(button, "data-key"), button.className, button.id) == (["a"], "act act-primary", "approve")


def test_a_button_of_a_sign_alone_must_say_what_it_does():
    with pytest.raises(AssertionError):
        ui.button("", sign="bi-x")


@pytest.mark.parametrize(
    ("now", "before", "good", "points", "text", "tone"),
    [
        (412.8, 380.8, "up", False, "up 8.4% from then", "delta-move is-good"),
        (412.8, 380.8, "down", False, "up 8.4% from then", "delta-move is-bad"),
        (412.8, 380.8, None, False, "up 8.4% from then", "delta-move"),
        (5, 5, "up", False, "level from then", "delta-move"),
        (0.03, 0.02, "up", True, "up 1.00 points from then", "delta-move is-good"),
        (5, None, "up", False, "No earlier data to compare", None),
    ],
)
def test_a_change_says_direction_size_and_from_what(now, before, good, points, text, tone):
    shown = ui.delta(now, before, "then", good=good, points=points)
    assert texts(shown) == text
    assert tone is None or tone in found(shown, "className")


def test_a_card_with_an_id_has_a_place_for_its_state_and_its_retry():
    card = ui.card("Net revenue", ui.graph("g"), id="money", sub="per day", className="w8")
    assert found(card, "id")[:3] == ["money", "money-retry", "money-state"]
    assert texts(card).startswith("Net revenue per day")
    assert found(card, "data-menu") == ["card"]


def test_a_subtitle_without_children_is_kept_for_its_callback():
    from dash import html

    assert "late" in found(ui.card("Title", "body", sub=html.Span(id="late")), "id")


def test_nothing_matches_names_the_filters_and_offers_to_clear_them():
    state = ui.nothing_matches("orders", ["Poland", "Tablet"], "23 Oct – 19 Nov")
    assert texts(state) == "No orders match these filters Poland and Tablet together had nothing from 23 Oct – 19 Nov. Clear 2 filters"
    assert found(state, "data-clear-filters") == ["true"]


def test_without_filters_it_asks_for_another_period():
    assert (
        texts(ui.nothing_matches("orders", [], "1 Jan 2020"))
        == "No orders in these days There was nothing from 1 Jan 2020. Choose another period."
    )


def test_a_failed_card_tells_its_reference_and_can_try_again():
    state = ui.failed("The question took longer than 20 s.", "7F3A", "money")
    assert texts(state) == (
        "This card could not be loaded The question took longer than 20 s. The other cards are complete. Reference 7F3A. Try again"
    )
    assert found(state, "data-retry") == ["money"]


def test_a_field_ties_its_label_to_the_control_and_an_error_takes_the_hints_place():
    from dash import dcc

    field = ui.field("Discount", dcc.Input(id="discount"), hint="In percent", error="Enter a number from 1 to 60")
    assert texts(field) == "Discount Enter a number from 1 to 60"
    assert found(field, "htmlFor") == ["discount"]


def test_causes_have_one_scale_for_both_directions():
    shown = ui.causes([("More visits", Decimal(300)), ("More refunds", Decimal(-100))], "EUR", rest=Decimal("-5"), rest_means="The rest.")
    assert texts(shown) == "More visits +€300.00 More refunds −€100.00 Not explained : −€5.00"
    assert sorted(str(style) for style in found(shown, "style")) == ["{'--zero': '25.0%'}", "{'width': '25.0%'}", "{'width': '75.0%'}"]


def test_the_rows_of_an_html_part_travel_with_it():
    shown = ui.causes([("More visits", Decimal("3.50"))], "EUR")
    assert [json.loads(rows) for rows in found(shown, "data-rows")] == [{"columns": ["Cause", "EUR"], "rows": [["More visits", "3.50"]]}]


def test_a_tile_is_a_button_that_says_whether_it_is_chosen():
    tile = ui.kpi("orders", "Orders", "Paid orders.", "5,214", ui.delta(2, 1, "1"), [1, 2, 3], chosen=True, of="test-tile")
    assert (found(tile, "aria-pressed"), tile.id, found(tile, "data-tip")) == (
        ["true"],
        {"type": "test-tile", "metric": "orders"},
        ["Paid orders."],
    )


def test_a_sparkline_of_one_value_or_of_zeros_draws_nothing():
    from dashboard.spark import sparkline

    assert [sparkline(values).style for values in ([5], [0, 0, 0], [None, 3])] == [{"visibility": "hidden"}] * 3
    assert "maskImage" in sparkline([1, 2]).style


def test_a_bad_message_stays_until_it_is_closed():
    assert (found(ui.toast("Not saved", tone="bad"), "data-stays"), found(ui.toast("Saved"), "data-stays")) == (["true"], [])


def test_a_question_has_the_verb_on_its_button():
    asked = ui.ask("start", "Start promotion?", "3,210 people see it.", "Start promotion")
    assert texts(asked) == "Start promotion? 3,210 people see it. Not yet Start promotion"
    assert {"start", "start-yes", "start-no"} <= set(found(asked, "id"))


def test_a_meter_never_runs_over():
    assert [ui.meter(share).children.style["width"] for share in (-1, 0.5, 3)] == ["0.0%", "50.0%", "100.0%"]
