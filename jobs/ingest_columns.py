"""The events of one shop as columns of events_raw: worked out column by column, because 40,000 a second leave no time for one by one."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain

import numpy as np
import pyarrow as pa

from actions import exchange_rates
from actions.enrichment import channel, country, device, facts, money, times
from actions.enrichment.facts import Facts
from actions.enrichment.memo import Memo
from actions.event_schema import Entry, Event
from actions.tenants import Tenant
from analytics import event_names, page_types

TIME = pa.timestamp("ms", "UTC")
MONEY = pa.decimal128(18, 4)
_countries = Memo(lambda question: country.of(*question))
# Late events of many months come together, and each month is a partition. What FINAL and merges put together need not be looked for
# at every insert.
WRITING = {"max_partitions_per_insert_block": 0, "optimize_on_insert": 0}
# Few different values: as a dictionary they travel and are read twice as fast.
NAMES = pa.dictionary(pa.int32(), pa.string())
FEW_VALUES = frozenset(
    "event_type event event_name page_type device_type browser os country region source medium campaign channel product_id currency"
    " origin import_id bot_reason time_flag".split()
)
COMMERCE = frozenset({"purchase", "refund", "order_cancelled", "add_to_cart", "remove_from_cart"})


@dataclass(frozen=True)
class Columns:
    """A shop's events of one batch. All lists are parallel to `events`."""

    events: list[Event]
    entries: list[Entry]  # the one each event came with
    names: list[str]  # canonical
    facts: list[Facts]
    times: np.ndarray  # int64 ms, corrected
    rows: pa.Table  # as events_raw has them


def build(tenant: Tenant, entries: list[Entry]) -> Columns:
    """The Columns of all events in `entries`, which are all of `tenant`."""
    events = list(chain.from_iterable(entry.events for entry in entries))
    owners = list(chain.from_iterable([entry] * len(entry.events) for entry in entries))
    canonical = Memo(lambda name: event_names.canonical(name, tenant.event_aliases))
    names = [event.event or canonical[event.event_type] for event in events]
    told = [facts.of(event.properties) for event in events]
    moments, flags = _times(events, owners)
    columns = _own(tenant, events, owners) | {
        "event": names,
        "timestamp": pa.array(moments, TIME),
        "time_flag": [event.time_flag or times.FLAGS[flag] for event, flag in zip(events, flags.tolist(), strict=True)],
    }
    columns |= _pages(tenant, events, names, told) | _visits(events, owners, told) | _shopping(tenant, names, told, moments)
    return Columns(events, owners, names, told, moments, pa.table({name: _packed(name, values) for name, values in columns.items()}))


def _packed(name: str, values) -> pa.Array:
    return pa.array(values, NAMES) if name in FEW_VALUES else values


def _own(tenant: Tenant, events: list[Event], owners: list[Entry]) -> dict:
    """What the entry says and nobody has to work out."""
    sent = [event.sent_at for event in events]
    return {
        "customer_id": pa.repeat(tenant.id, len(events)),
        "event_id": uuids([event.event_id for event in events]),
        "seq": pa.array([event.seq for event in events], pa.uint32()),
        "received_at": pa.array([entry.received_at for entry in owners], TIME),
        "sent_at": pa.array(sent, TIME),
        "visitor_id": [event.visitor_id for event in events],
        "user_id": [event.user_id for event in events],
        "session_id": [event.session_id for event in events],
        "event_type": [event.event_type for event in events],
        "event_name": [event.event_name for event in events],
        "referrer": [event.referrer for event in events],
        "origin": [entry.origin for entry in owners],
        "import_id": [entry.import_id for entry in owners],
        "properties": [event.properties for event in events],
    }


def _times(events: list[Event], owners: list[Entry]) -> tuple[np.ndarray, np.ndarray]:
    given, is_given = _numbers([event.timestamp for event in events])
    sent, is_sent = _numbers([event.sent_at for event in events])
    received = np.array([entry.received_at for entry in owners], np.int64)
    return times.corrected_all(given, is_given, sent, is_sent, received)


def _numbers(values: list[int | None]) -> tuple[np.ndarray, np.ndarray]:
    """The values with 0 for None, and where there was one."""
    is_there = np.array([value is not None for value in values], bool)
    return np.array([value or 0 for value in values], np.int64), is_there


def _first(first, second=None, third=None) -> str:
    """facts.text where there is anything; most events have nothing to say, and asking costs."""
    return facts.text(first, second, third) if not (first is None and second is None and third is None) else ""


def _pages(tenant: Tenant, events: list[Event], names: list[str], told: list[Facts]) -> dict:
    urls = [event.page_url or _first(fact.url, fact.path, fact.page) for event, fact in zip(events, told, strict=True)]
    kinds = Memo(lambda page: page_types.of(*page, tenant.page_rules))
    given = [event.page_type or _first(fact.page_type, fact.pageType) for event, fact in zip(events, told, strict=True)]
    return {
        "page_url": urls,
        "page_title": [event.page_title or _first(fact.title) for event, fact in zip(events, told, strict=True)],
        # Without its query string an address is asked for again and again.
        "page_type": [kinds[kind, url.partition("?")[0], name] for kind, url, name in zip(given, urls, names, strict=True)],
    }


def _visits(events: list[Event], owners: list[Entry], told: list[Facts]) -> dict:
    agents = [event.user_agent or entry.client.user_agent for event, entry in zip(events, owners, strict=True)]
    devices = [device.devices[agent] for agent in agents]
    kinds = [event.device_type or _first(fact.device_type) for event, fact in zip(events, told, strict=True)]
    visits = [channel.of(event.page_url, event.referrer, (event.source, event.medium, event.campaign)) for event in events]
    reasons = [found.bot_reason or ("declared" if fact.is_bot is True else "") for found, fact in zip(devices, told, strict=True)]
    countries = [event.country or _first(fact.country) for event, fact in zip(events, told, strict=True)]
    return {
        "device_type": [(device.kind(kind) if kind else "") or found.device_type for kind, found in zip(kinds, devices, strict=True)],
        "browser": [event.browser or found.browser for event, found in zip(events, devices, strict=True)],
        "os": [event.os or found.os for event, found in zip(events, devices, strict=True)],
        "source": [visit.source for visit in visits],
        "medium": [visit.medium for visit in visits],
        "campaign": [visit.campaign for visit in visits],
        "channel": [channel.named(event.channel) if event.channel else visit.channel for event, visit in zip(events, visits, strict=True)],
        "is_bot": [bool(reason) for reason in reasons],
        "bot_reason": reasons,
        "country": [
            _countries[place, entry.client.country, event.time_zone] for place, entry, event in zip(countries, owners, events, strict=True)
        ],
        "region": [event.region or _first(fact.region, fact.state) for event, fact in zip(events, told, strict=True)],
    }


def _shopping(tenant: Tenant, names: list[str], told: list[Facts], moments: np.ndarray) -> dict:
    amount, value, revenue = (np.zeros(len(names), np.int64) for _ in range(3))
    for index, (name, fact) in enumerate(zip(names, told, strict=True)):
        if fact is facts.NOTHING or not (name in COMMERCE or fact.value is not None or fact.revenue is not None or fact.amount is not None):
            continue
        worth = facts.worth(fact, name)
        if worth:
            amount[index] = money.units(worth)
            value[index] = money.units(in_shop_currency(tenant, worth, currency_of(fact), int(moments[index])))
            revenue[index] = value[index] if name == "purchase" else 0
    return {
        "product_id": [facts.product_of(fact) for fact in told],
        "quantity": pa.array([facts.quantity_of(fact.quantity) if fact.quantity is not None else 0 for fact in told], pa.int32()),
        "revenue": decimals(revenue),
        "value": decimals(value),
        "amount": decimals(amount),
        "currency": [currency_of(fact) for fact in told],
        "order_id": [facts.order_of(fact) for fact in told],
        "search_term": [
            facts.text(fact.search_term, fact.query, fact.q) if name == "search" else "" for name, fact in zip(names, told, strict=True)
        ],
        "rating": pa.array([facts.rating_of(fact) if fact.rating is not None else None for fact in told], pa.float32()),
    }


def currency_of(fact: Facts) -> str:
    """The currency's three letters, "" where there are none (the shop's own then)."""
    code = fact.currency
    return code.upper() if isinstance(code, str) and len(code) == 3 and code.isalpha() else ""


def in_shop_currency(tenant: Tenant, amount: Decimal, currency: str, at_ms: int) -> Decimal | None:
    """The amount at the rate of its day; None where no rate is known."""
    day = datetime.fromtimestamp(at_ms / 1000, UTC).date()
    rate = exchange_rates.rate(currency, tenant.currency, day)
    return round(amount * rate, 4) if rate is not None else None


def uuids(ids: list[bytes]) -> pa.Array:
    """The ids as ClickHouse's UUID."""
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(ids), [None, pa.py_buffer(b"".join(ids))])


def decimals(ten_thousandths: np.ndarray) -> pa.Array:
    """Whole ten-thousandths as Decimal(18, 4), without a Python object for each."""
    halves = np.empty((len(ten_thousandths), 2), np.int64)
    halves[:, 0], halves[:, 1] = ten_thousandths, ten_thousandths >> 63
    return pa.Array.from_buffers(MONEY, len(ten_thousandths), [None, pa.py_buffer(halves)])
