"""The embedded servers: they start anywhere, refuse a second starter, and lose nothing that was acknowledged when they are killed."""

import dataclasses
import itertools
import os
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import clickhouse_connect
import psutil
import psycopg
import pytest
import redis
import urllib3
from clickhouse_connect.driver.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry

import settings
from errors import Conflict, Unavailable
from stores import embedded, embedded_process
from tests.conftest import subprocess_environ

# A process that starts all servers, says their URLs and then waits to be killed.
STARTER = """
import json, settings, sys, time
from stores import embedded
running = embedded.start(settings.current())
print(json.dumps(running.environ), flush=True)
time.sleep(600)
"""


def settings_of(home: Path) -> settings.Settings:
    return dataclasses.replace(settings.load({}), ecap_home=home)


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A set of servers of these tests' own, in a folder whose path is longer than a socket's may be."""
    home = tmp_path_factory.mktemp("own") / ("deep folder " * 5) / ("deeper " * 20) / "home"
    running = embedded.start(settings_of(home))
    yield running
    running.stop()


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_they_start_from_a_deep_path(own):
    assert len(str(own.home)) > 200
    assert list(own.children) == ["event_log", "redis", "postgres", "clickhouse"]
    assert list(embedded.answering(settings_of(own.home)).values()) == [True] * 4


def test_what_is_secret_is_readable_by_this_user_alone(own):
    sockets = embedded_process.runtime_folder(own.home)
    private = [own.home / "run.json", own.home / "clickhouse.password"]
    assert ([mode(path) for path in private], mode(sockets), mode(own.home)) == (["0o600"] * 2, "0o700", "0o700")


def test_a_second_starter_is_refused_and_told_who_was_first(own):
    with pytest.raises(Conflict, match=rf"in use by process {os.getpid()} \(.*, since .*\)\. Stop it, or set ECAP_HOME to another folder"):
        embedded.start(settings_of(own.home))


def test_a_command_beside_running_servers_uses_them(own):
    beside = embedded.connect(settings_of(own.home))
    beside.stop()  # which stops nothing, because it started nothing

    assert (beside.children, beside.environ) == ({}, own.environ)
    assert all(child.poll() is None for child in own.children.values())


def test_a_server_with_an_address_is_not_started(home):
    everything = {"DATABASE_URL": "postgresql://db", "REDIS_URL": "redis://r", "EVENT_LOG_URL": "redis://l", "CLICKHOUSE_URL": "http://c"}
    running = embedded.start(settings.load(everything | {"ECAP_HOME": str(home)}))

    assert (running.environ, home.exists()) == ({}, False)
    assert embedded.missing(settings.load({"KAFKA_BOOTSTRAP_SERVERS": "k:9092", "REDIS_URL": "redis://r"})) == ["postgres", "clickhouse"]


def test_the_application_is_no_superuser_and_can_make_the_roles_it_needs(own):
    with connect_postgres(own) as connection:
        row = connection.execute("SELECT rolname::text, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user").fetchone()
        extensions = connection.execute("SELECT extname::text FROM pg_extension WHERE extname = 'vector'").fetchall()
        durable = connection.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')").fetchone()

    assert (row, extensions, durable) == (("ecap", False, True), [("vector",)], ("on", "on"))


def test_the_event_log_is_on_disk_before_it_answers_and_neither_redis_evicts(own):
    kept = {
        name: connect_redis(own, name).config_get("append*") | connect_redis(own, name).config_get("maxmemory-policy") for name in REDIS
    }
    chosen = {name: (found["appendonly"], found["appendfsync"], found["maxmemory-policy"]) for name, found in kept.items()}

    assert chosen == {"event_log": ("yes", "always", "noeviction"), "redis": ("yes", "everysec", "noeviction")}


REDIS = {"event_log": "EVENT_LOG_URL", "redis": "REDIS_URL"}


def connect_redis(running, name: str) -> redis.Redis:
    once = Retry(NoBackoff(), 0)
    return redis.Redis(unix_socket_path=urlsplit(running.environ[REDIS[name]]).path, decode_responses=True, retry=once)


def connect_postgres(running) -> psycopg.Connection:
    return psycopg.connect(running.environ["DATABASE_URL"].replace("+psycopg", ""), autocommit=True)


def connect_clickhouse(running):
    url = urlsplit(running.environ["CLICKHOUSE_URL"])
    return clickhouse_connect.get_client(host=url.hostname, port=url.port, username=url.username, password=url.password, database="ecap")


class RedisNumbers:
    """Numbers written one by one, each acknowledged before the next; and those that are there."""

    def __init__(self, running, name: str):
        self.client = connect_redis(running, name)
        self.close = self.client.close

    def write(self, number: int) -> None:
        self.client.rpush("numbers", number)

    def read(self) -> set[int]:
        return {int(number) for number in self.client.lrange("numbers", 0, -1)}


class PostgresNumbers:
    """The same in a table."""

    def __init__(self, running, name: str):
        self.connection = connect_postgres(running)
        self.close = self.connection.close
        self.connection.execute("CREATE TABLE IF NOT EXISTS numbers (n int)")

    def write(self, number: int) -> None:
        self.connection.execute("INSERT INTO numbers VALUES (%s)", (number,))

    def read(self) -> set[int]:
        return {number for (number,) in self.connection.execute("SELECT n FROM numbers")}


class ClickHouseNumbers:
    """The same, a block each."""

    def __init__(self, running, name: str):
        self.client = connect_clickhouse(running)
        self.close = self.client.close
        self.client.command("CREATE TABLE IF NOT EXISTS numbers (n UInt32) ENGINE = MergeTree ORDER BY n")

    def write(self, number: int) -> None:
        self.client.insert("numbers", [[number]], column_names=["n"], column_type_names=["UInt32"])

    def read(self) -> set[int]:
        return {number for (number,) in self.client.query("SELECT n FROM numbers").result_rows}


def write_until_it_fails(numbers, acknowledged: list[int]) -> None:
    with closing(numbers), suppress(redis.ConnectionError, psycopg.OperationalError, OperationalError, ConnectionError):
        for number in itertools.count(len(acknowledged)):
            numbers.write(number)
            acknowledged.append(number)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("event_log", RedisNumbers), ("redis", RedisNumbers), ("postgres", PostgresNumbers), ("clickhouse", ClickHouseNumbers)],
)
def test_what_was_acknowledged_survives_kill_9_while_writing(own, name, kind):
    acknowledged: list[int] = []
    for enough in (20, 40):
        writer = threading.Thread(target=write_until_it_fails, args=(kind(own, name), acknowledged))
        writer.start()
        while len(acknowledged) < enough:
            time.sleep(0.001)
        own.children[name].process.kill()
        writer.join(60)
        before = dict(own.environ)
        own.restart(name)
        assert own.environ == before  # at the address it had

    with closing(kind(own, name)) as numbers:
        stored = numbers.read()
    assert set(acknowledged) <= stored
    assert len(stored) <= len(acknowledged) + 2  # at most the one that was under way, each time


def test_a_statement_that_takes_too_long_does_not_hold_up_the_end(own):
    url = urlsplit(own.environ["CLICKHOUSE_URL"])
    endless = f"http://127.0.0.1:{url.port}/?user=default&password={url.password}&query=SELECT+count()+FROM+numbers(1e15)+WHERE+rand()=1"
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(urllib3.request, "GET", endless, retries=False, timeout=60)
        time.sleep(1)
        began = time.monotonic()
        own.children["clickhouse"].stop()
        took_s = time.monotonic() - began
        with pytest.raises(urllib3.exceptions.ProtocolError):
            asked.result(10)
    own.restart("clickhouse")

    assert took_s < 10
    with closing(connect_clickhouse(own)) as client:
        assert client.query("SELECT 1").result_rows == [(1,)]


def start_elsewhere(home: Path) -> subprocess.Popen:
    """Another process that runs the servers of `home`."""
    environ = subprocess_environ(ECAP_HOME=str(home), DATABASE_URL="", REDIS_URL="", EVENT_LOG_URL="", CLICKHOUSE_URL="")
    starter = subprocess.Popen([sys.executable, "-c", STARTER], env=environ, stdout=subprocess.PIPE, text=True)
    assert starter.stdout.readline(), "the servers did not start"
    starter.stdout.close()
    return starter


def test_servers_end_with_a_parent_that_is_killed_and_start_again_on_their_data(home):
    starter = start_elsewhere(home)
    children = psutil.Process(starter.pid).children(recursive=True)
    beside = embedded.connect(settings_of(home))
    connect_redis(beside, "event_log").set("kept", "yes")
    with connect_postgres(beside) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    connect_clickhouse(beside).command("CREATE TABLE kept ENGINE = MergeTree ORDER BY n AS SELECT 1 AS n")
    starter.kill()
    starter.wait()

    running = embedded.start(settings_of(home))  # at once: it waits for those that are just ending
    try:
        assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)
        assert connect_redis(running, "event_log").get("kept") == "yes"
        with connect_postgres(running) as connection:
            assert connection.execute("SELECT n FROM kept").fetchall() == [(1,)]
        assert connect_clickhouse(running).query("SELECT n FROM kept").result_rows == [(1,)]
    finally:
        running.stop()


def test_a_folder_whose_servers_stopped_is_free_again(home):
    both = {"DATABASE_URL": "postgresql://unused", "CLICKHOUSE_URL": "http://unused"}
    only_redis = settings.load(both | {"ECAP_HOME": str(home)})
    for _ in range(2):
        running = embedded.connect(only_redis)
        assert list(running.children) == ["event_log", "redis"]
        running.stop()
        assert not embedded_process.is_locked(home)
        assert not (home / "run.json").exists()


def test_a_server_that_cannot_start_says_why(home):
    home.mkdir()
    (home / "redis").write_text("a file where a folder should be")
    with pytest.raises((Conflict, FileExistsError)):
        embedded.start(settings_of(home))
    assert not embedded_process.is_locked(home)


def test_a_program_that_ends_at_once_is_reported_with_its_last_words(tmp_path):
    log = tmp_path / "log"
    child = embedded_process.spawn("broken", [sys.executable, "-c", "print('no disk'); exit(3)"], log=log)
    with pytest.raises(Unavailable, match=r"The embedded broken ended at once with status 3\. The end of .*: no disk"):
        embedded_process.wait_until(child, lambda: False, log)


def test_a_folder_of_somebody_else_is_not_used(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(Conflict, match="is not a folder of this user"):
        embedded_process.private_folder(tmp_path / "link")
