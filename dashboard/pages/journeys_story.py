"""A journey as a story: sessions and orders in their order, with what repeats folded. Pure: no components, no stores."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from analytics.journey import Journey, JourneySession
from analytics.journey_steps import JourneyStep
from analytics.person_orders import PersonOrder

MONEY = ("purchase", "refund", "feedback", "order_cancelled")
LOOKS = {"view_item": "products", "page_view": "pages", "view_item_list": "pages"}
FOLD_FROM = 3  # as many looks in a row are one and "more"
SAME_PAGE = timedelta(seconds=5)  # the page view that comes with a richer event


@dataclass(frozen=True)
class Line:
    """One line of a session: a step, an order, what was folded, or the end with a cart."""

    at: datetime
    kind: str  # step, order, more, left
    step: JourneyStep | None = None
    order: PersonOrder | None = None
    folded: list[JourneyStep] = field(default_factory=list)
    what: str = ""  # of folded ones: products or pages


@dataclass(frozen=True)
class Chapter:
    """A session, or an order that was placed outside of the sessions that are shown (then `session` is None)."""

    start: datetime
    end: datetime
    session: JourneySession | None
    lines: list[Line]


def tell(journey: Journey, *, only_money: bool = False) -> list[Chapter]:
    """The chapters, oldest first. only_money: orders, returns, feedback and left carts; sessions without any are left out."""
    sales = {order.order_id: order for order in journey.orders if order.kind == "sale"}
    chapters, used = [], set()
    for session in journey.sessions:
        lines = _lines(session, sales, used)
        lines = [line for line in lines if _is_money(line)] if only_money else _fold(lines)
        if lines or not only_money:
            chapters.append(Chapter(session.started_at, session.ended_at, session, lines))
    return sorted(chapters + _elsewhere(journey, used), key=lambda chapter: (chapter.start, chapter.session is None))


def _lines(session: JourneySession, sales: dict[str, PersonOrder], used: set[str]) -> list[Line]:
    lines = [_line(step, sales, used) for step in _without_twins(session.steps)]
    if session.cart_value > 0 and not session.converted:
        lines.append(Line(session.ended_at, "left", step=session.steps[-1] if session.steps else None))
    return lines


def _line(step: JourneyStep, sales: dict[str, PersonOrder], used: set[str]) -> Line:
    if step.event == "purchase" and step.order_id in sales:
        used.add(step.order_id)
        return Line(step.timestamp, "order", step, sales[step.order_id])
    return Line(step.timestamp, "step", step)


def _without_twins(steps: list[JourneyStep]) -> Iterable[JourneyStep]:
    """The steps without the page views that only accompany a richer event on the same page."""
    for number, step in enumerate(steps):
        following = steps[number + 1] if number + 1 < len(steps) else None
        is_twin = (
            step.event == "page_view"
            and following is not None
            and following.event in ("view_item", "view_item_list", "search", "view_cart", "begin_checkout", "purchase")
            and following.page_path == step.page_path
            and following.timestamp - step.timestamp <= SAME_PAGE
        )
        if not is_twin or number == 0:
            yield step


def _fold(lines: list[Line]) -> list[Line]:
    """Runs of three and more looks of one kind become the first and "more"."""
    folded, run = [], []
    for line in [*lines, None]:
        what = LOOKS.get(line.step.event) if line and line.kind == "step" else None
        if run and (what is None or what != LOOKS[run[0].step.event]):
            folded += _run(run)
            run = []
        if what:
            run.append(line)
        elif line:
            folded.append(line)
    return folded


def _run(run: list[Line]) -> list[Line]:
    if len(run) < FOLD_FROM:
        return run
    rest = run[1:]
    return [run[0], Line(rest[0].at, "more", folded=[line.step for line in rest], what=LOOKS[run[0].step.event])]


def _is_money(line: Line) -> bool:
    return line.kind in ("order", "left") or (line.step is not None and line.step.event in MONEY)


def _elsewhere(journey: Journey, used: set[str]) -> list[Chapter]:
    """Orders that no shown session placed, and returns: each stands where it happened."""
    first = journey.sessions[0].started_at if journey.sessions else None
    all_shown = len(journey.sessions) == journey.facts.sessions
    return [
        Chapter(order.ordered_at, order.ordered_at, None, [Line(order.ordered_at, "order", order=order)])
        for order in journey.orders
        if (order.kind != "sale" or order.order_id not in used) and (all_shown or order.ordered_at >= first)
    ]
