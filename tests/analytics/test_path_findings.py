"""What stands out in a picture of paths, and what is too little to say anything."""

from decimal import Decimal

from analytics import path_findings
from analytics.path_findings import Finding
from analytics.paths import Link, Node, Paths, WholePath


def picture(left=60, back=20, sessions=100, whole=(), total=200, per_session=Decimal(1)):
    """200 at home; `sessions` go on to the cart; of these `left` leave and `back` go back to a product."""
    nodes = [
        Node(0, "home", "node", 200),
        Node(1, "cart", "node", sessions),
        Node(1, None, "left", 200 - sessions),
        Node(2, "product", "node", back),
        Node(2, None, "left", left),
    ]
    links = [Link(0, 1, sessions), Link(0, 2, 200 - sessions), Link(1, 3, back), Link(1, 4, left)]
    return Paths(nodes, links, list(whole), total, per_session)


def way(*steps, sessions=50, before=50, per_session=None):
    return WholePath(list(steps), True, sessions, 0.25, before, 0.5, per_session)


def test_the_step_after_which_most_leave_stands_out_beside_its_share_before():
    found = path_findings.run(picture(left=60), picture(left=30))
    assert found[0] == Finding("leaves", ["cart"], 100, 0.6, 0.3, None)


def test_the_way_that_earns_more_than_all_stands_out():
    ways = [
        way("home", "cart", per_session=Decimal(9)),
        way("home", "search", per_session=Decimal(4)),
        way("home", per_session=Decimal(99)),
    ]
    found = [finding for finding in path_findings.run(picture(whole=ways)) if finding.kind == "earns"]
    assert found == [Finding("earns", ["home", "cart"], 50, 0.5, None, Decimal(9))]
    assert "earns" not in [finding.kind for finding in path_findings.run(picture(whole=ways, per_session=Decimal(10)))]


def test_the_way_back_stands_out():
    found = [finding for finding in path_findings.run(picture(back=20), picture(back=10)) if finding.kind == "back"]
    assert found == [Finding("back", ["cart", "product"], 100, 0.2, 0.1, None)]


def test_a_way_that_grew_more_than_all_sessions_stands_out():
    ways = [way("home", "cart", sessions=90, before=40), way("home", sessions=130, before=100)]
    found = [finding for finding in path_findings.run(picture(whole=ways), picture(total=150)) if finding.kind == "grew"]
    assert found == [Finding("grew", ["home", "cart"], 90, 1.25, None, None)]
    same_pace = path_findings.run(picture(whole=[way("home", sessions=133, before=100)]), picture(total=150))
    assert "grew" not in [finding.kind for finding in same_pace]


def test_few_sessions_and_no_sessions_say_nothing():
    few = Paths(
        [Node(0, "home", "node", 29), Node(1, "cart", "node", 29), Node(2, None, "left", 29)],
        [Link(0, 1, 29), Link(1, 2, 29)],
        [way("home", "cart", sessions=29, per_session=Decimal(9))],
        29,
        Decimal(1),
    )
    assert path_findings.run(few) == []
    assert path_findings.run(Paths([], [], [], 0, None), Paths([], [], [], 0, None)) == []
