"""The processes under one parent: restarted when they die, ended in order, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

import settings
import supervisor
from tests.conftest import subprocess_environ

SLEEPER = "import signal, time; signal.signal(signal.SIGTERM, lambda *_: exit(0)); time.sleep(600)"
# A supervisor of one program and the two Redis servers, in a process of its own; it writes to its standard output what it started.
PARENT = f"""
import sys, settings, supervisor
from stores import embedded, logs
current = settings.current()
logs.configure(current)
program = supervisor.Program("sleeper", [sys.executable, "-c", {SLEEPER!r}], grace_s=3, wave=0)
supervisor.Supervisor(current, embedded.start(current), [program]).run()
"""


@pytest.fixture
def parent(home, tmp_path):
    """A supervising process and its children, once all three run."""
    environ = subprocess_environ(
        ECAP_HOME=str(home), PORT="1", DATABASE_URL="postgresql://unused", CLICKHOUSE_URL="http://unused", REDIS_URL="", EVENT_LOG_URL=""
    )
    with (tmp_path / "parent.log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-c", PARENT], env=environ, stderr=log, stdout=log)
    parent = psutil.Process(process.pid)
    wait(lambda: len(parent.children()) == 3)
    yield parent
    process.kill()
    process.wait()


def wait(condition, timeout_s: float = 45) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def by_name(parent: psutil.Process) -> dict[str, psutil.Process]:
    """Its children: sleeper, redis, event_log."""
    names = {}
    for child in parent.children():
        if is_alive(child):
            command = " ".join(child.cmdline())
            names["sleeper" if "sleep" in command else "event_log" if "event_log" in command else "redis"] = child
    return names


def is_another(now: psutil.Process | None, before: psutil.Process) -> bool:
    return now is not None and now.pid != before.pid


@pytest.mark.parametrize("name", ["sleeper", "redis", "event_log"])
def test_what_is_killed_is_started_again(parent, name):
    before = by_name(parent)[name]
    before.kill()

    wait(lambda: is_another(by_name(parent).get(name), before))  # looked at once: the dead one may be gone a moment later
    others = {other: child for other, child in by_name(parent).items() if other != name}
    assert all(child.is_running() for child in others.values())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything(parent, number):
    children = parent.children(recursive=True)
    parent.send_signal(number)

    assert parent.wait(10) == 0
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)


def test_nothing_outlives_a_parent_that_is_killed(parent):
    children = parent.children(recursive=True)
    parent.kill()

    wait(lambda: not any(is_alive(child) for child in children))


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_program_that_always_dies_is_tried_less_and_less_often(monkeypatch):
    program = supervisor.Program("broken", [sys.executable, "-c", "exit(3)"], grace_s=1, wave=0)
    kept = supervisor.Supervisor(settings.load({}), None, [program])
    delays = []
    for now in range(4):
        program.child = supervisor.embedded_process.spawn(program.name, program.command)
        status = program.child.process.wait()
        kept._bury(program, status, now)
        delays.append(program.due_at - now)

    assert delays == [0.5, 1, 2, 4]
    assert program.restarts == 4


def test_a_program_that_may_end_is_not_started_again():
    program = supervisor.Program("done", [sys.executable, "-c", "pass"], grace_s=1, wave=0, may_end=True)
    kept = supervisor.Supervisor(settings.load({}), None, [program])
    program.child = supervisor.embedded_process.spawn(program.name, program.command)
    kept._bury(program, program.child.process.wait(), 0)

    assert kept.kept == []


def test_the_table_shows_addresses_and_no_password():
    running = supervisor.embedded.Running(
        Path("/x"),
        {
            "REDIS_URL": "unix:///run/ecap/redis.sock?db=0",
            "DATABASE_URL": "postgresql+psycopg://ecap@/ecap?host=/run/ecap",
            "CLICKHOUSE_URL": "http://default:secret@127.0.0.1:5000/ecap",
        },
        children={"redis": None, "postgres": None, "clickhouse": None},
    )
    text = supervisor.table(settings.load({"ECAP_HOME": "/x"}), running, [supervisor.Program("web", [], 1, 0)])

    assert text.splitlines() == [
        "",
        "  ECAP        http://127.0.0.1:8000/app/",
        "  API         http://127.0.0.1:8000/docs",
        "  Sign in     admin@ecommerce.com / admin123 (development only)",
        "  redis       unix:///run/ecap/redis.sock",
        "  postgres    /run/ecap",
        "  clickhouse  http://127.0.0.1:5000/ecap",
        "  Runs        web",
        "  Data        /x",
        "",
        "  Ctrl-C stops everything.",
    ]


def test_production_runs_no_demo_shop_and_as_many_workers_as_asked():
    production = settings.load(
        {"ENVIRONMENT": "production", "SECRET_KEY": "s" * 48, "ADMIN_PASSWORD": "long enough 12", "WORKER_PROCESSES": "2"}
    )

    names = [program.name for program in supervisor.programs(production)]
    assert names == ["web", "scheduler", "worker 1", "worker 2", "ingest"]


def test_a_port_in_use_is_named_before_anything_starts(monkeypatch):
    monkeypatch.setattr(supervisor, "accepts", lambda host, port: True)
    with pytest.raises(supervisor.Conflict, match="Port 8000 of 127.0.0.1 is in use"):
        supervisor.run(settings.load({"ECAP_HOME": os.devnull}), lambda: None)
