"""The demo shop's history is plausible, adds up, and is the same every time."""

import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest

from demo import simulate, stories
from demo.plan import Plan, midnight_s, shop_day

PLAN = Plan(date(2026, 6, 30))
START = datetime.fromtimestamp(midnight_s(PLAN.first_day), UTC)
END = datetime.fromtimestamp(midnight_s(PLAN.anchor + timedelta(days=1)), UTC)


@pytest.fixture(scope="module")
def history() -> list:
    return [event for day in simulate.events(PLAN, START, END) for event in day]


@pytest.fixture(scope="module")
def sessions(history) -> list[list]:
    """The events of each visit by a person, in order."""
    found = defaultdict(list)
    for event in history:
        if "bot" not in event.user_agent and event.event_type != "identify":
            found[event.visitor_id, event.session_id].append(event)
    return list(found.values())


def facts(event) -> dict:
    return json.loads(event.properties)


def share_with(sessions, event_type) -> float:
    return sum(any(event.event_type == event_type for event in session) for session in sessions) / len(sessions)


def test_ninety_days_hold_about_a_quarter_of_a_million_events(history):
    assert 230_000 < len(history) < 270_000
    assert len({shop_day(datetime.fromtimestamp(event.timestamp / 1000, UTC)) for event in history}) == 90


def test_the_same_plan_gives_the_same_events_and_another_seed_gives_others():
    day = PLAN.first_day + timedelta(days=40)
    once, again, other = (simulate.of_day(plan, day) for plan in (PLAN, PLAN, Plan(PLAN.anchor, seed=21)))
    assert once == again
    assert {event.event_id for event in once}.isdisjoint(event.event_id for event in other)


def test_two_halves_of_a_period_are_the_whole(history):
    middle = START + timedelta(days=80, hours=13, minutes=20)
    later = [event for day in simulate.events(PLAN, middle, END) for event in day]
    assert later == [event for event in history if event.timestamp >= middle.timestamp() * 1000]


def test_ids_are_uuids_and_unique(history):
    assert len({event.event_id for event in history}) == len(history)
    assert {(event.event_id[6] >> 4, event.event_id[8] >> 6) for event in history} == {(8, 2)}


def test_the_funnel_narrows_as_in_a_real_shop(sessions):
    steps = ("view_item", "add_to_cart", "begin_checkout", "add_shipping_info", "add_payment_info", "purchase")
    shares = [share_with(sessions, step) for step in steps]
    assert shares == sorted(shares, reverse=True)
    assert 0.45 < shares[0] < 0.65
    assert 0.12 < shares[1] < 0.22
    assert 0.03 < shares[-1] < 0.05


def test_about_four_in_ten_visits_see_one_page_only(sessions):
    alone = sum(len(session) == 1 and session[0].event_type == "page_view" for session in sessions)
    assert 0.35 < alone / len(sessions) < 0.45


def test_every_order_adds_up_to_the_cent(history):
    for purchase in (facts(event) for event in history if event.event_type == "purchase"):
        goods = sum(round(item["price"] * 100) * item["quantity"] for item in purchase["items"])
        assert goods - round(purchase["discount"] * 100) == round(purchase["value"] * 100) > 0
        assert purchase["tax"] < purchase["value"] * 0.21
        assert len({item["item_id"] for item in purchase["items"]}) == len(purchase["items"])


def test_nothing_is_refunded_or_cancelled_that_was_not_sold_before(history):
    sold: dict[str, dict] = {}
    for event in history:
        said = facts(event)
        if event.event_type == "purchase":
            assert said["transaction_id"] not in sold
            sold[said["transaction_id"]] = said
        elif event.event_type in ("refund", "Order Cancelled"):
            assert 0 < said["value"] <= sold[said.get("transaction_id") or said["order_id"]]["value"]


def test_a_visit_has_one_browser_and_time_goes_on(sessions):
    for session in sessions:
        assert len({(event.user_agent, event.country, event.time_zone) for event in session}) == 1
        assert [event.timestamp for event in session] == sorted(event.timestamp for event in session)
        assert len({event.user_id for event in session} - {""}) <= 1


def test_customers_come_back_and_buy_again(history):
    orders = Counter(event.user_id for event in history if event.event_type == "purchase" and event.user_id)
    assert sum(count > 1 for count in orders.values()) > 120


def test_whoever_signs_in_says_who_it_is(history):
    traits = {event.user_id: facts(event) for event in history if event.event_type == "identify"}
    assert {event.user_id for event in history if event.event_type == "purchase"} - {""} <= set(traits)
    assert len({trait["email"] for trait in traits.values()}) == len(traits)
    assert all(trait["email"].split("@")[1] in ("example.com", "example.org", "example.net") for trait in traits.values())


def test_payments_on_iphones_fail_on_the_error_weekend_only(history):
    iphone = [event for event in history if "iPhone" in event.user_agent and event.event_type in ("add_payment_info", "purchase")]
    weekend = stories.error_weekend(PLAN)
    counts = Counter(
        (shop_day(datetime.fromtimestamp(event.timestamp / 1000, UTC)) in weekend, event.event_type, event.session_id) for event in iphone
    )
    tried, bought = (sum(is_bad and kind == name for is_bad, kind, _ in counts) for name in ("add_payment_info", "purchase"))
    assert bought / tried < 0.5
    tried, bought = (sum(not is_bad and kind == name for is_bad, kind, _ in counts) for name in ("add_payment_info", "purchase"))
    assert bought / tried > 0.85


def test_one_campaign_brought_buyers_and_the_other_only_visitors(sessions):
    letter, clips = (
        [session for session in sessions if f"utm_campaign={name}" in session[0].page_url] for name in ("light_evenings", "room_makeover")
    )
    assert share_with(letter, "purchase") > 0.08
    assert len(clips) > 500
    assert share_with(clips, "purchase") < 0.01


def test_the_duvet_cover_comes_back_more_often_in_the_second_half(history):
    pieces = Counter()
    for event in history:
        if event.event_type in ("purchase", "refund"):
            half = event.timestamp / 1000 > midnight_s(PLAN.anchor + timedelta(days=stories.RETURNS_RISE))
            names = {item["item_name"]: item["quantity"] for item in facts(event)["items"]}
            pieces[event.event_type, half] += names.get(stories.RETURNED_PRODUCT, 0)
    assert pieces["refund", True] / pieces["purchase", True] > 0.2
    assert pieces["refund", False] / pieces["purchase", False] < 0.12


def test_the_sold_out_table_is_not_bought_while_it_is_sold_out(history):
    days = {PLAN.anchor + timedelta(days=offset) for offset in stories.SOLD_OUT}
    seen = [event for event in history if event.event_type == "out_of_stock"]
    assert {shop_day(datetime.fromtimestamp(event.timestamp / 1000, UTC)) for event in seen} & days
    assert all(facts(event)["product_id"] == "LO-201" for event in seen)


def test_bots_are_there_and_recognisable(history):
    bots = [event for event in history if "bot" in event.user_agent]
    assert 0.02 < len(bots) / len(history) < 0.08
    assert {event.event_type for event in bots} == {"page_view"}


def test_guests_come_when_they_are_called_and_leave_no_trace_in_later_weeks():
    moment = datetime(2026, 6, 30, 12, tzinfo=UTC)
    guests = simulate.guests(PLAN, moment, 30)
    assert guests == simulate.guests(PLAN, moment, 30)
    assert len({event.session_id for event in guests} - {""}) == 30
    first, last = guests[0].timestamp / 1000, guests[-1].timestamp / 1000
    assert moment.timestamp() <= first < moment.timestamp() + 12
    assert last < moment.timestamp() + 86_400
