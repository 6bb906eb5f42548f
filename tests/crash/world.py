"""A whole ECAP of its own whose processes are killed at random while clients send, and the count of what is left afterwards."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPException
from pathlib import Path

import settings
import supervisor
from stores import clickhouse, embedded, event_log
from tests.conftest import subprocess_environ

CLIENTS = 6
BATCH = 25
REPEATS = 0.08  # of the requests send an old batch again, on purpose
VICTIMS = ("web", "ingest", "event_log", "clickhouse")
DRAIN_S = 60
TENANT = "demo_tenant"


@dataclass
class Ledger:
    """What the clients know: which ids they sent, and which were accepted."""

    sent: set = field(default_factory=set)
    accepted: set = field(default_factory=set)
    refusals: dict = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, ids: list[str], *, accepted: bool) -> None:
        with self.lock:
            (self.accepted if accepted else self.sent).update(ids)

    def note_refusal(self, what: str) -> None:
        with self.lock:
            self.refusals[what] = self.refusals.get(what, 0) + 1


@dataclass(frozen=True)
class Verdict:
    """What came of it. `doubled` counts rows too many, in the events or in the sessions."""

    accepted: int
    lost: int
    doubled: int
    alien: int
    in_sessions: int
    stored: int
    kills: dict
    refusals: dict


class World:
    """Servers, a web process and a consumer; `kill` takes one away and brings it back."""

    def __init__(self, home: Path, faults: str):
        # Servers of its own, also where those of the other tests are in the environment already.
        no_urls = {variable.lower(): "" for variable in embedded.VARIABLES.values()}
        self.settings = replace(settings.current(), ecap_home=home, port=_free_port(), **no_urls)
        self.running = embedded.start(self.settings)
        self.kills = dict.fromkeys(VICTIMS, 0)
        self._faults = faults
        self._log = (home / "programs.log").open("ab")
        self._programs: dict[str, subprocess.Popen] = {}

    def start(self, name: str) -> None:
        command = supervisor.gunicorn(self.settings) if name == "web" else [sys.executable, "manage.py", "ingest"]
        more = {"ECAP_TEST_FAULTS": self._faults, "ECAP_HOME": str(self.settings.ecap_home), "DEMO": "0"}
        environ = subprocess_environ(**self.running.environ, **more)
        output = {"stdout": self._log, "stderr": self._log}
        self._programs[name] = subprocess.Popen(command, env=environ, cwd=settings.PROJECT, start_new_session=True, **output)

    def kill(self, name: str) -> None:
        """kill -9 of the whole program, and a new one in its place."""
        if name in ("web", "ingest"):
            _kill_group(self._programs[name])
            self.start(name)
        else:
            os.kill(self.running.children[name].pid, signal.SIGKILL)
            time.sleep(0.1)
            self.running.restart(name)
        self.kills[name] += 1

    def revive(self) -> None:
        """Bring back what died by itself."""
        for name, program in self._programs.items():
            if program.poll() is not None:
                self.start(name)

    def stop(self) -> None:
        for program in self._programs.values():
            _kill_group(program)
        self.running.stop()
        self._log.close()


@contextmanager
def world(home: Path, faults: str):
    """A World whose addresses are in this process's environment, as long as it lasts."""
    before = dict(os.environ)
    made = World(home, faults)
    try:
        os.environ.update(made.running.environ)
        settings.current.cache_clear()
        import manage
        from actions import tenants

        manage.migrate()
        tenants.demo()
        yield made
    finally:
        made.stop()
        os.environ.clear()
        os.environ.update(before)
        settings.current.cache_clear()


def run(home: Path, *, seconds: float, seed: int, victims=VICTIMS, faults: str = "") -> Verdict:
    """Let clients send for `seconds` while `victims` are killed, then let everything calm down, and count."""
    chance, ledger, stop = random.Random(seed), Ledger(), threading.Event()
    with world(home, faults) as made:
        for name in ("web", "ingest"):
            made.start(name)
        _wait_until_answered(made.settings.port)
        senders = [threading.Thread(target=_send, args=(made.settings.port, number, seed, ledger, stop)) for number in range(CLIENTS)]
        for sender in senders:
            sender.start()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(chance.uniform(0.4, 1.4))
            made.kill(chance.choice(victims))
            made.revive()
        stop.set()
        for sender in senders:
            sender.join()
        _wait_until_drained(made)
        return _count(ledger, made.kills)


def _send(port: int, number: int, seed: int, ledger: Ledger, stop: threading.Event) -> None:
    """Send batches until `stop`, each again and again under the same ids until it is accepted; odd clients give no times."""
    chance, old = random.Random(seed * 100 + number), []
    while not stop.is_set():
        batch = [_event(chance, number) for _ in range(BATCH)]
        if old and chance.random() < REPEATS:
            batch = chance.choice(old)
        ids = [event["event_id"] for event in batch]
        ledger.note(ids, accepted=False)
        until = time.monotonic() + 60
        while not _is_accepted(port, batch, ledger):
            if time.monotonic() > until:
                return
            time.sleep(0.05)
        ledger.note(ids, accepted=True)
        old = [*old[-30:], batch]


def _event(chance: random.Random, number: int) -> dict:
    visitor = chance.randrange(300)
    told = {
        "event_id": str(uuid.UUID(int=chance.getrandbits(128))),
        "event_type": chance.choice(("page_view", "view_item", "add_to_cart")),
        "visitor_id": f"v{visitor}",
        "properties": {"n": chance.random()},
    }
    if number % 3:
        told["session_id"] = f"s{visitor % 3}"
    if number % 2 == 0:
        told["timestamp"] = time.time() - chance.randrange(3600)
    return told


def _is_accepted(port: int, batch: list[dict], ledger: Ledger) -> bool:
    body = json.dumps({"events": batch}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/track/batch", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return json.load(response)["events_accepted"] == len(batch)
    except urllib.error.HTTPError as refusal:
        ledger.note_refusal(str(refusal.code))
    except (OSError, ValueError, HTTPException) as problem:
        ledger.note_refusal(type(problem).__name__)
    return False


def _wait_until_answered(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the web process does not answer")


def _wait_until_drained(made: World) -> None:
    time.sleep(1)  # what answers before it writes gets its chance
    until = time.monotonic() + DRAIN_S
    while event_log.current().backlog():
        assert time.monotonic() < until, "the log is not drained"
        made.revive()
        time.sleep(0.2)


STORED_SQL = "SELECT event_id, count() AS rows FROM events_raw FINAL WHERE customer_id = {tenant:String} GROUP BY event_id"
IN_SESSIONS_SQL = "SELECT sum(event_count) AS events FROM sessions FINAL WHERE customer_id = {tenant:String}"


def _count(ledger: Ledger, kills: dict) -> Verdict:
    rows = {str(row["event_id"]): row["rows"] for row in clickhouse.query(STORED_SQL, {"tenant": TENANT})}
    return Verdict(
        accepted=len(ledger.accepted),
        lost=len(ledger.accepted - set(rows)),
        doubled=sum(rows.values()) - len(rows),
        alien=len(set(rows) - ledger.sent),
        in_sessions=clickhouse.query(IN_SESSIONS_SQL, {"tenant": TENANT})[0]["events"],
        stored=len(rows),
        kills=kills,
        refusals=ledger.refusals,
    )


def _kill_group(program: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
