"""Paths: from a node, to a node, from where they came in; nodes, links, whole paths, money."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from analytics import paths
from analytics.paths import Link, Node, Paths, WholePath
from analytics.scope import Filters, OneOf
from errors import Invalid
from tests import recorded
from tests.recorded import AT


def visit(tenant, session, *page_types, **columns):
    recorded.session(tenant, *[("page_view", {"page_type": page_type}) for page_type in page_types], session=session, **columns)


@pytest.fixture
def three_visits(tenant):
    """home > search > product and gone; home and gone; search > product > home > cart with an order of 30, of which 5 came back."""
    visit(tenant, "s1", "home", "search", "product")
    visit(tenant, "s2", "home")
    recorded.session(
        tenant,
        *[("page_view", {"page_type": page_type}) for page_type in ("search", "product", "home", "cart")],
        ("purchase", {"page_type": "cart"}),
        session="s3",
    )
    recorded.order(tenant, "o1", gross="31", discount="1", visitor="v1", session="s3")
    recorded.order(tenant, "o1", kind="refund", gross="5", at=AT + timedelta(days=40))
    recorded.order(tenant, "held", gross="99", status="held", visitor="v1", session="s3")


def test_from_a_start_each_column_shows_where_they_went_and_who_left(three_visits, scope):
    assert paths.run(scope, start="home", steps=3) == Paths(
        nodes=[
            Node(0, "home", "node", 3),
            Node(1, "cart", "node", 1),
            Node(1, "search", "node", 1),
            Node(1, None, "left", 1),
            Node(2, "product", "node", 1),
            Node(2, None, "left", 1),
        ],
        links=[Link(0, 1, 1), Link(0, 2, 1), Link(0, 3, 1), Link(1, 5, 1), Link(2, 4, 1)],
        whole=[
            WholePath(["home"], True, 1, 1 / 3, 0, 0.0, Decimal(0)),
            WholePath(["home", "cart"], True, 1, 1 / 3, 0, 1.0, Decimal(25)),
            WholePath(["home", "search", "product"], True, 1, 1 / 3, 0, 0.0, Decimal(0)),
        ],
        total=3,
        revenue_per_session=Decimal(25) / 3,
    )


def test_to_an_end_the_last_column_is_the_end_and_grey_is_where_they_came_in(three_visits, scope):
    assert paths.run(scope, end="home", steps=3) == Paths(
        nodes=[
            Node(0, "search", "node", 1),
            Node(1, "product", "node", 1),
            Node(1, None, "came in", 2),
            Node(2, "home", "node", 3),
        ],
        links=[Link(0, 1, 1), Link(1, 3, 1), Link(2, 3, 2)],
        whole=[
            WholePath(["home"], True, 2, 2 / 3, 0, 0.0, Decimal(0)),
            WholePath(["search", "product", "home"], True, 1, 1 / 3, 0, 1.0, Decimal(25)),
        ],
        total=3,
        revenue_per_session=Decimal(25) / 3,
    )


def test_without_start_and_end_it_begins_where_they_came_in(three_visits, scope):
    answer = paths.run(scope, steps=2)
    assert answer.total == 3
    assert answer.nodes == [
        Node(0, "home", "node", 2),
        Node(0, "search", "node", 1),
        Node(1, "product", "node", 1),
        Node(1, "search", "node", 1),
        Node(1, None, "left", 1),
    ]
    assert answer.links == [Link(0, 3, 1), Link(0, 4, 1), Link(1, 2, 1)]


def test_by_event_and_by_page_take_the_other_arrays(tenant, scope):
    recorded.session(
        tenant,
        ("page_view", {"page_url": "https://shop.example/a?x=1"}),
        ("view_item", {"page_url": "https://shop.example/b"}),
        ("purchase", {"page_url": ""}),
    )
    assert [path.steps for path in paths.run(scope, by="event").whole] == [["page_view", "view_item", "purchase"]]
    assert [path.steps for path in paths.run(scope, by="page").whole] == [["/a", "/b"]]
    assert paths.choices(scope, "page") == [("/a", 1), ("/b", 1)]


def test_the_same_again_in_a_row_counts_once_and_the_first_start_counts(tenant, scope):
    visit(tenant, "s1", "home", "home", "product", "product", "home")
    assert [(path.steps, path.sessions) for path in paths.run(scope, start="home").whole] == [(["home", "product", "home"], 1)]
    assert [path.steps for path in paths.run(scope, end="product").whole] == [["home", "product"]]


def test_beyond_five_nodes_a_column_has_other_and_no_session_is_lost(tenant, scope):
    for number, page_type in enumerate("abcdefg"):
        for again in range(2 if page_type in "abcde" else 1):
            visit(tenant, f"s{number}-{again}", "home", page_type)
    answer = paths.run(scope, start="home", steps=2)
    assert [(node.name, node.kind, node.sessions) for node in answer.nodes] == [
        ("home", "node", 12),
        *[(name, "node", 2) for name in "abcde"],
        (None, "other", 2),
    ]
    assert sum(link.sessions for link in answer.links) == 12
    assert len(answer.whole) == 7


def test_a_listed_path_is_followed_for_ten_steps(tenant, scope):
    visit(tenant, "s1", *"abcdefghijk")
    assert [(path.steps, path.ended) for path in paths.run(scope, start="a").whole] == [(list("abcdefghij"), False)]
    assert [(path.steps, path.ended) for path in paths.run(scope, end="i").whole] == [(list("abcdefghi"), True)]


def test_the_comparison_period_counts_the_same_ways(tenant, scope):
    before = datetime(2024, 12, 20, tzinfo=UTC)
    visit(tenant, "s1", "home", "cart")
    visit(tenant, "s2", "home", "cart", at=before)
    visit(tenant, "s3", "home", "cart", at=before)
    visit(tenant, "s4", "home", at=before)
    assert [(path.steps, path.sessions, path.before) for path in paths.run(scope, start="home").whole] == [(["home", "cart"], 1, 2)]


def test_period_filters_bots_and_other_shops_apply(tenant, other_tenant, scope):
    visit(tenant, "first", "home", at=datetime(2025, 1, 1, tzinfo=UTC))
    visit(tenant, "after", "home", at=datetime(2025, 2, 1, tzinfo=UTC))
    visit(tenant, "desktop", "home", device_type="desktop")
    visit(tenant, "robot", "home", is_bot=1)
    visit(other_tenant, "theirs", "home")
    assert paths.run(scope).total == 2
    assert paths.run(replace(scope, filters=Filters(device=OneOf(("desktop",))))).total == 1
    assert paths.choices(scope) == [("home", 2)]


def test_a_start_that_nobody_reached_has_no_picture(three_visits, scope):
    assert paths.run(scope, start="account") == Paths([], [], [], 0, None)
    assert paths.run(scope, end="account") == Paths([], [], [], 0, None)


def test_what_cannot_be_drawn_is_refused(scope):
    for asked in ({"by": "colour"}, {"steps": 1}, {"steps": 6}, {"start": "a", "end": "b"}):
        with pytest.raises(Invalid):
            paths.run(scope, **asked)


def test_a_sender_cannot_fake_the_marks_of_left_and_came_in(tenant, scope):
    visit(tenant, "s1", "home", "left", "came in", "other")
    assert [node.kind for node in paths.run(scope, start="home").nodes] == ["node"] * 4


@pytest.mark.parametrize(
    ("asked", "paid", "revenue"),
    [({"start": "home"}, 0.0, Decimal(0)), ({"start": "cart"}, 1.0, Decimal(30)), ({"end": "home"}, 1.0, Decimal(30))],
)
def test_what_was_bought_before_the_start_is_not_what_the_path_earned(tenant, scope, asked, paid, revenue):
    cart, home = {"page_type": "cart"}, {"page_type": "home"}
    recorded.session(tenant, ("page_view", cart), ("purchase", cart), ("page_view", home))
    recorded.order(tenant, "o1", gross="30", visitor="v1", session="s1")
    answer = paths.run(scope, **asked)
    assert [(path.paid_share, path.revenue_per_session) for path in answer.whole] == [(paid, revenue)]
    assert answer.revenue_per_session == revenue
