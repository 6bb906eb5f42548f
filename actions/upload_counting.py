"""What storing a file would do, counted from its rows before anything is stored."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from actions import event_schema, upload_orders
from actions.upload_mapping import Mapping
from actions.upload_repeats import Distinct
from actions.upload_rows import Batch

EXAMPLES = 3  # lines that are named for each reason


@dataclass(frozen=True)
class Reason:
    """Why some rows cannot be stored."""

    reason: str
    rows: int
    lines: list[int]  # the first EXAMPLES
    example: str


@dataclass(frozen=True)
class Summary:
    """What a file holds when it is read with one mapping."""

    rows: int
    rejected: int
    equal: int  # rows that equal an earlier one; each counts
    first_ms: int | None  # of the rows' times
    last_ms: int | None
    counts: dict[str, int]  # by what the kind of file knows: events, sessions, persons, purchases, sales, returns, orders …
    net: str | None  # gross less returns of an order file, as it is priced there
    empty: list[int]  # empty cells by column
    reasons: list[Reason]
    names: dict[str, int] = field(default_factory=dict)  # rows by event name, as in the file

    def to_json(self) -> dict:
        """The summary as the API and the database keep it."""
        return asdict(self)


def from_json(data: dict) -> Summary:
    """The Summary that `to_json` wrote."""
    return Summary(**data | {"reasons": [Reason(**reason) for reason in data["reasons"]]})


class Count:
    """A Summary in the making."""

    def __init__(self, mapping: Mapping):
        self._mapping = mapping
        self._rows = self._equal = self._rejected = 0
        self._first: int | None = None
        self._last: int | None = None
        self._counts: Counter[str] = Counter()
        self._distinct = {"events": ("persons", "sessions"), "orders": ("orders", "customers"), "profiles": ("customers",)}[mapping.kind]
        self._distinct = {name: Distinct() for name in self._distinct}
        self._names: Counter[str] = Counter()
        self._net = Decimal(0)
        self._empty: list[int] = []
        self._reasons: dict[str, Reason] = {}

    def add(self, batch: Batch) -> None:
        """Count a batch."""
        self._rows += batch.rows
        self._equal += batch.equal
        self._empty = (
            [a + b for a, b in zip(self._empty or [0] * len(batch.empty), batch.empty, strict=True)] if batch.empty else self._empty
        )
        for error in batch.errors:
            self._rejected += 1
            known = self._reasons.get(error.reason, Reason(error.reason, 0, [], error.raw))
            lines = known.lines if len(known.lines) >= EXAMPLES else [*known.lines, error.line]
            self._reasons[error.reason] = Reason(known.reason, known.rows + 1, lines, known.example)
        if batch.records:
            {"events": self._events, "orders": self._orders, "profiles": self._profiles}[self._mapping.kind](batch.records)

    def result(self) -> Summary:
        """The Summary of what was added."""
        counts = dict(self._counts) | {name: distinct.count for name, distinct in self._distinct.items()}
        if self._mapping.kind == "events":
            counts["names"] = len(self._names)
            if "session" not in self._mapping.columns:
                del counts["sessions"]  # they are made by time when the file is read
        return Summary(
            rows=self._rows,
            rejected=self._rejected,
            equal=self._equal,
            first_ms=self._first,
            last_ms=self._last,
            counts=counts,
            net=str(self._net) if self._mapping.kind == "orders" else None,
            empty=self._empty,
            reasons=sorted(self._reasons.values(), key=lambda reason: -reason.rows),
            names=dict(self._names.most_common(1_000)),
        )

    def _span(self, times: list[int]) -> None:
        first, last = min(times), max(times)
        self._first = first if self._first is None else min(first, self._first)
        self._last = last if self._last is None else max(last, self._last)

    def _events(self, events: list[event_schema.Event]) -> None:
        self._span([event.timestamp for event in events])
        self._counts["events"] += len(events)
        self._names.update(event.event_type for event in events)
        purchases = [event for event in events if event.event == "purchase"]
        self._counts["purchases"] += len(purchases)
        self._counts["unpriced"] += sum('"value"' not in event.properties and '"price"' not in event.properties for event in purchases)
        self._distinct["persons"].add([event.user_id or event.visitor_id for event in events])
        self._distinct["sessions"].add([f"{event.visitor_id}\0{event.session_id}" for event in events])

    def _orders(self, lines: list[event_schema.OrderLine]) -> None:
        self._span([line.ordered_at for line in lines])
        kinds = [upload_orders.counts_as(line) for line in lines]
        self._counts.update(kinds)
        self._counts["cancelled"] += sum(line.order_id.startswith("C") for line in lines)
        self._counts["nobody"] += sum(not line.buyer_id for line in lines)
        self._net += sum(line.quantity * line.price for line, kind in zip(lines, kinds, strict=True) if kind != "adjustment")
        self._net -= sum(line.discount for line, kind in zip(lines, kinds, strict=True) if kind == "sale")
        self._distinct["orders"].add([line.order_id for line, kind in zip(lines, kinds, strict=True) if kind == "sale"])
        self._distinct["customers"].add([line.buyer_id for line in lines if line.buyer_id])

    def _profiles(self, profiles: list) -> None:
        self._distinct["customers"].add([profile.customer_id for profile in profiles])
        self._counts["without_email"] += sum(not profile.email for profile in profiles)
