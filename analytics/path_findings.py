"""What stands out in a picture of paths? The step after which most leave, the way that earns most, the ways back, what grew."""

from dataclasses import dataclass
from decimal import Decimal

from analytics import numbers
from analytics.paths import Paths, WholePath

ENOUGH = 30  # sessions; of fewer no share is worth a sentence
PART = 0.05  # of all sessions: where fewer came, their leaving changes little
GREW = 0.2  # from here on a way that more took stands out
# The way to the order. Somebody who goes against it has found something they did not expect.
ORDER = ("product", "cart", "checkout", "payment", "confirmation")


@dataclass(frozen=True)
class Finding:
    kind: str  # leaves, earns, back, grew
    steps: list[str]  # the node; the way; from and to
    sessions: int
    share: float | None  # leaves and back: of the sessions at the node; grew: how many more, 0.2 is a fifth more
    before: float | None  # the same share in the comparison period
    amount: Decimal | None  # earns: revenue per session


def run(now: Paths, before: Paths | None = None) -> list[Finding]:
    """At most one finding of each kind, the costly ones first; of a picture with few sessions none."""
    found = (_leaves(now, before), _earns(now), _back(now, before), _grew(now, before))
    return [finding for finding in found if finding]


def _leaves(now: Paths, before: Paths | None) -> Finding | None:
    """The step after which the largest share left; not the first, where leaving is what most do."""
    shares = _following(now, "left")
    enough = max(ENOUGH, PART * now.total)
    shares = {place: found for place, found in shares.items() if place[0] > 0 and found[1] >= enough}
    if not shares:
        return None
    place, (left, sessions) = max(shares.items(), key=lambda item: (item[1][0] / item[1][1], item[1][1]))
    return Finding("leaves", [place[1]], sessions, left / sessions, _share_of(before, "left", place), None)


def _earns(now: Paths) -> Finding | None:
    """The way with the highest revenue per session, where it is above that of all sessions."""
    ways = [way for way in now.whole if way.sessions >= ENOUGH and way.revenue_per_session and len(way.steps) > 1]
    best = max(ways, key=lambda way: way.revenue_per_session, default=None)
    if best is None or best.revenue_per_session <= (now.revenue_per_session or 0):
        return None
    return Finding("earns", best.steps, best.sessions, best.paid_share, None, best.revenue_per_session)


def _back(now: Paths, before: Paths | None) -> Finding | None:
    """The most frequent step against the way to the order."""
    backs = [
        (link.sessions, source, target)
        for link in now.links
        if (source := now.nodes[link.source]).name in ORDER
        and (target := now.nodes[link.target]).name in ORDER
        and ORDER.index(source.name) > ORDER.index(target.name)
        and source.name != "confirmation"
        and source.sessions >= ENOUGH
    ]
    if not backs:
        return None
    sessions, source, target = max(backs, key=lambda back: (back[0], back[1].name))
    earlier = _share_of(before, target.name, (source.column, source.name))
    return Finding("back", [source.name, target.name], source.sessions, sessions / source.sessions, earlier, None)


def _grew(now: Paths, before: Paths | None) -> Finding | None:
    """The way that grew most, measured against how all sessions grew: more visitors take every way more often."""
    if not (before and before.total):
        return None
    pace = now.total / before.total
    grown = [(_growth(way, pace), way) for way in now.whole if way.sessions >= ENOUGH and way.before >= ENOUGH]
    best = max(grown, key=lambda item: item[0], default=None)
    if best is None or best[0] < GREW:
        return None
    return Finding("grew", best[1].steps, best[1].sessions, numbers.change(best[1].sessions, best[1].before), None, None)


def _growth(way: WholePath, pace: float) -> float:
    return way.sessions / (way.before * pace) - 1


def _following(picture: Paths, next_name: str) -> dict[tuple, tuple[int, int]]:
    """By (column, name): how many went on to `next_name` ("left" for leaving), of how many."""
    found = {}
    for link in picture.links:
        source, target = picture.nodes[link.source], picture.nodes[link.target]
        if source.kind == "node" and next_name == (target.name or target.kind):
            found[source.column, source.name] = (link.sessions, source.sessions)
    return found


def _share_of(picture: Paths | None, next_name: str, place: tuple) -> float | None:
    part, whole = _following(picture, next_name).get(place, (0, 0)) if picture else (0, 0)
    return numbers.ratio(part, whole)
