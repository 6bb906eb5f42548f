"""A tracking request from its body to its answer, without Flask: the resources and the fast door in front of Flask both come here."""

import time
from dataclasses import dataclass

import msgspec

import settings
from actions import event_limits, ingest, json_splitting, segment_messages, tenants, tracked_events
from actions.dead_letters import Refused
from actions.enrichment import times
from actions.event_schema import Client, Event, is_new, uuid_text
from actions.ingest import Outcome
from api import event_quota
from errors import Invalid, NotPermitted
from stores import metrics

TRACK, BATCH = "/track", "/track/batch"
SEGMENT = {f"/v1/{name}": name for name in (*segment_messages.TYPES, "batch", "import")}
SEGMENT |= {f"/v1/{short}": name for short, name in segment_messages.SHORT.items()}
PATHS = frozenset((TRACK, BATCH, *SEGMENT))


@dataclass(frozen=True)
class Sender:
    """Who sends, as far as events are concerned."""

    tenant: str
    client: Client
    is_browser: bool
    request_id: str


class Result(msgspec.Struct, omit_defaults=True):
    """What became of one event of a batch."""

    index: int
    accepted: bool
    event_id: str = ""  # where we made it
    reason: str = ""
    field: str = ""


_encode = msgspec.json.encode
ACCEPTED = {"success": True, "events_accepted": 1, "events_rejected": 0, "message": "Event accepted"}
ACCEPTED_TEXT = _encode(ACCEPTED)


def answer(path: str, body: bytes, sender: Sender) -> bytes:
    """The JSON answer to a tracking request that was accepted. Raises Invalid, NotPermitted, LimitExceeded or Unavailable."""
    started = time.perf_counter()
    if path == TRACK:
        said = _single(body, sender)
    elif path == BATCH:
        said = _batch(body, sender)
    else:
        said = _segment(SEGMENT[path], body, sender)
    metrics.observe("ingestion_latency_seconds", {"customer_id": sender.tenant}, time.perf_counter() - started)
    return said


def sender_of(environ: dict, tenant: str, key_id: str, request_id: str) -> Sender:
    """The Sender of a request. A user agent or country that is not the visitor's own is left out."""
    agent, page_origin = environ.get("HTTP_USER_AGENT", ""), environ.get("HTTP_ORIGIN", "")
    is_browser = bool(page_origin) or agent.startswith("Mozilla/")
    client = Client(agent[:1000] if is_browser else "", _country(environ) if is_browser else "", page_origin[:300], key_id)
    return Sender(tenant, client, is_browser, request_id)


def _country(environ: dict) -> str:
    """Only a proxy that we trust may say where somebody is."""
    chosen = settings.current()
    if not (chosen.country_header and chosen.trusted_proxies):
        return ""
    return environ.get("HTTP_" + chosen.country_header.upper().replace("-", "_"), "")[:2]


def _single(body: bytes, sender: Sender) -> bytes:
    outcome = _accept([tracked_events.read(sender.tenant, body, 0, None)], sender, "")
    refused = outcome.refused
    if not refused:
        made = outcome.found[0].event_id
        return _encode(ACCEPTED | {"event_id": uuid_text(made)}) if is_new(made) else ACCEPTED_TEXT
    if refused[0].field == "customer_id":
        raise NotPermitted(refused[0].reason)
    raise _invalid(refused[0])


def _batch(body: bytes, sender: Sender) -> bytes:
    raws, sent_at = _taken_apart(body, tracked_events.Batch, "events")
    outcome = _accept([tracked_events.read(sender.tenant, raw, seq, sent_at) for seq, raw in enumerate(raws)], sender, "")
    rejected = len(outcome.refused)
    return _encode(
        {
            "success": True,
            "events_accepted": outcome.accepted,
            "events_rejected": rejected,
            "message": f"Processed {len(raws)} events, rejected {rejected}",
            "results": _results(outcome),
        }
    )


def _segment(kind: str, body: bytes, sender: Sender) -> bytes:
    if kind in ("batch", "import"):
        raws, sent_at = _taken_apart(body, segment_messages.Batch, "batch")
        found = [segment_messages.read(sender.tenant, raw, seq, sent_at) for seq, raw in enumerate(raws)]
    else:
        found = [segment_messages.read(sender.tenant, body, 0, None, type=kind)]
    outcome = _accept(found, sender, "segment")
    if len(found) == 1 and outcome.refused and kind not in ("batch", "import"):
        raise _invalid(outcome.refused[0])
    if not outcome.refused:
        return b'{"success":true}'
    return _encode({"success": True, "events_rejected": len(outcome.refused), "results": _results(outcome)})


def _accept(found: list[Event | Refused], sender: Sender, origin: str) -> Outcome:
    event_quota.take(tenants.load(sender.tenant), sum(isinstance(event, Event) for event in found))
    return ingest.accept(
        sender.tenant,
        found,
        origin=origin or ("browser" if sender.is_browser else "server"),
        client=sender.client,
        received_at=ingest.now_ms(),
        request_id=sender.request_id,
    )


def _taken_apart(body: bytes, kind: type, name: str) -> tuple[list[bytes], int | None]:
    """The raw events of a batch and when it was sent, in ms. Raises Invalid where there is no list of them."""
    try:
        batch = msgspec.json.decode(body, type=kind)
        raws, sent = [bytes(raw) for raw in getattr(batch, name)], batch.sent_at if kind is tracked_events.Batch else batch.sentAt
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raws, sent = json_splitting.elements(body, name), None
        if raws is None:
            raise _invalid(tracked_events.malformed(body, problem), name) from problem
    if len(raws) > event_limits.MAX_EVENTS:
        raise Invalid(f"The batch has {len(raws):,} events; {event_limits.MAX_EVENTS:,} are the most.", fields={name: ["too many"]})
    return raws, times.parse(sent)


def _results(outcome: Outcome) -> list[Result]:
    return [
        Result(index, True, uuid_text(event.event_id) if is_new(event.event_id) else "")
        if isinstance(event, Event)
        else Result(index, False, "", event.reason, event.field or "")
        for index, event in enumerate(outcome.found)
    ]


def _invalid(refused: Refused, field: str = "") -> Invalid:
    name = refused.field or field
    return Invalid(f"Invalid event format: {refused.reason}", fields={name: [refused.reason]} if name else None)
