"""The event log on Kafka: one topic keyed by tenant, so that a shop's entries stay in order."""

import threading
import time
from functools import cached_property

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from errors import Unavailable
from stores.event_log_entry import Delivery

TOPIC, GROUP = "ecap-events", "ecap-ingest"
ANSWER_S = 5
BACKLOG_FOR_S = 1.0  # how long a measured backlog is believed


class KafkaLog:
    """stores.event_log.Log over a broker. Acknowledged means: on all in-sync replicas (set min.insync.replicas to 2 or more)."""

    def __init__(self, servers: str, cap: int):
        self._servers, self._cap = servers, cap
        self._known_backlog, self._measured_at = 0, 0.0
        self._lock = threading.Lock()
        self._is_closed = threading.Event()

    def check(self) -> None:
        """Raises Unavailable when no broker answers; durability is the broker's own setting."""
        self._partitions()

    def append(self, tenant: str, body: bytes, size: int) -> str:
        if self._recent_backlog() >= self._cap:
            raise Unavailable("Too many events wait to be stored. Nothing of this request was accepted.", retry_after_s=5)
        answered, outcome = threading.Event(), []

        def delivered(error, message):
            outcome.append((error, message))
            answered.set()

        try:
            self._producer.produce(TOPIC, key=tenant, value=body, headers={"n": str(size)}, on_delivery=delivered)
        except (BufferError, KafkaException) as problem:
            raise Unavailable("The event log does not answer. Nothing of this request was accepted.") from problem
        if not answered.wait(ANSWER_S) or outcome[0][0]:
            raise Unavailable("The event log does not answer. The same request may be sent again.")
        message = outcome[0][1]
        return f"{message.partition()}:{message.offset()}"

    def unfinished(self) -> list[Delivery]:
        """Nothing: a new consumer starts at the last committed offset, so unfinished entries come again by themselves."""
        return []

    def read(self, size: int, wait_ms: int) -> list[Delivery]:
        found, events, until = [], 0, time.monotonic() + wait_ms / 1000
        while events < size:
            messages = self._consumer.consume(100, 0.02 if found else max(0.0, until - time.monotonic()))
            if not messages:
                break
            for message in messages:
                if message.error():
                    raise Unavailable(f"The event log does not answer: {message.error().str()}.")
                found.append(_delivery(message))
                events += found[-1].size
        return found

    def done(self, deliveries: list[Delivery]) -> None:
        last: dict[int, int] = {}
        for delivery in deliveries:
            partition, offset = _place(delivery.position)
            last[partition] = max(last.get(partition, -1), offset)
        if last:
            offsets = [TopicPartition(TOPIC, partition, offset + 1) for partition, offset in last.items()]
            with _answers():
                self._consumer.commit(offsets=offsets, asynchronous=False)

    def is_stored(self, position: str) -> bool:
        partition, offset = _place(position)
        with _answers():
            (committed,) = self._observer.committed([TopicPartition(TOPIC, partition)], ANSWER_S)
        return committed.offset > offset

    def backlog(self) -> int:
        partitions = self._partitions()
        with _answers():
            committed = self._observer.committed([TopicPartition(TOPIC, p) for p in partitions], ANSWER_S) if partitions else []
            return sum(self._behind(place) for place in committed)

    def close(self) -> None:
        """Leave the group, so that another consumer takes over at once, and stop the producer."""
        self._is_closed.set()
        self.__dict__.pop("_producer", None)
        for name in ("_consumer", "_observer"):
            if client := self.__dict__.pop(name, None):
                client.close()

    def _behind(self, place: TopicPartition) -> int:
        low, high = self._observer.get_watermark_offsets(TopicPartition(TOPIC, place.partition), ANSWER_S, cached=False)
        return high - max(place.offset, low)

    def _recent_backlog(self) -> int:
        with self._lock:
            if time.monotonic() - self._measured_at > BACKLOG_FOR_S:
                self._known_backlog, self._measured_at = self.backlog(), time.monotonic()
            return self._known_backlog

    def _partitions(self) -> list[int]:
        with _answers():
            topic = self._observer.list_topics(TOPIC, ANSWER_S).topics.get(TOPIC)
        return list(topic.partitions) if topic else []

    @cached_property
    def _producer(self) -> Producer:
        producer = Producer(
            {
                "bootstrap.servers": self._servers,
                "enable.idempotence": True,
                "compression.type": "lz4",
                "linger.ms": 2,
                "message.max.bytes": 16_000_000,
                "delivery.timeout.ms": ANSWER_S * 1000,
            }
        )
        threading.Thread(target=_deliver, args=(producer, self._is_closed), name="kafka-delivery", daemon=True).start()
        return producer

    @cached_property
    def _consumer(self) -> Consumer:
        consumer = self._client()
        consumer.subscribe([TOPIC])
        return consumer

    @cached_property
    def _observer(self) -> Consumer:
        """A handle of the group that never joins it: it only asks for offsets."""
        return self._client()

    def _client(self) -> Consumer:
        return Consumer(
            {
                "bootstrap.servers": self._servers,
                "group.id": GROUP,
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
                "session.timeout.ms": 10_000,
                "fetch.message.max.bytes": 16_000_000,
            }
        )


class _answers:
    def __enter__(self):
        return self

    def __exit__(self, kind, problem, trace):
        if isinstance(problem, KafkaException):
            raise Unavailable("The event log does not answer.") from problem


def _deliver(producer: Producer, is_closed: threading.Event) -> None:
    """Delivery reports need somebody who asks for them."""
    while not is_closed.is_set():
        producer.poll(0.1)


def _place(position: str) -> tuple[int, int]:
    partition, offset = position.split(":")
    return int(partition), int(offset)


def _delivery(message) -> Delivery:
    size = dict(message.headers() or ()).get("n", b"1")
    return Delivery(f"{message.partition()}:{message.offset()}", message.value(), int(size))
