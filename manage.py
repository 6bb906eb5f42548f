"""Commands beside the server: `python manage.py --help`. Each calls one function of the package that owns the work.

The packages are loaded by the command that needs them: a consumer has no use for the dashboard.
"""

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import settings
from errors import EcapError
from stores import embedded, logs

ALEMBIC = Path(__file__).with_name("alembic.ini")


def migrate() -> None:
    """Bring PostgreSQL and ClickHouse to the newest tables, with somebody who can sign in; safe to repeat, and from two places at once."""
    from alembic import command
    from alembic.config import Config

    from actions import first_run
    from stores import schema

    command.upgrade(Config(str(ALEMBIC)), "head")
    schema.apply()
    first_run.prepare()


def main(arguments: list[str] | None = None) -> int:
    """Run the command of `arguments`; the exit status."""
    chosen = parser().parse_args(arguments)
    try:
        settings.read_env_file()
        logs.configure(settings.current())
        if not chosen.needs_stores:
            return chosen.run(chosen) or 0
        with stores():
            return chosen.run(chosen) or 0
    except EcapError as problem:
        print(f"{chosen.name}: {problem.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


@contextmanager
def stores():
    """The stores of the settings: those that run, else started for this command and stopped after it. With the newest tables."""
    running = embedded.connect(settings.current())
    try:
        os.environ.update(running.environ)
        settings.current.cache_clear()
        if running.children:
            migrate()
        yield
    finally:
        running.stop()


def parser() -> argparse.ArgumentParser:
    """The command line."""
    root = argparse.ArgumentParser(prog="manage.py", description=__doc__.splitlines()[0])
    commands = root.add_subparsers(dest="name", required=True, metavar="COMMAND")

    def add(name: str, run: Callable, help: str, *, needs_stores: bool = True) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help, description=help)
        command.set_defaults(run=run, needs_stores=needs_stores)
        return command

    add("migrate", lambda chosen: migrate(), "bring the tables of both databases to the newest form")
    demo = add("demo", _demo, "load the demo shop; what is there already stays")
    demo.add_argument("--remove", action="store_true", help="take the demo shop away again")
    demo.add_argument("--trickle", action="store_true", help="load it if need be, then keep live events coming until stopped")
    demo.add_argument("--rate", type=float, help="with --trickle: so many events a second all the time, for a showing")
    _add_import(add)
    add("web", _web, "answer requests until stopped")
    add("worker", _worker, "run jobs until stopped")
    add("ingest", _ingest, "store what is in the event log until stopped")
    add("scheduler", _scheduler, "start periodic jobs until stopped")
    openapi = add("openapi", _openapi, "print the API's OpenAPI document", needs_stores=False)
    openapi.add_argument("--out", type=Path, help="a file instead of the terminal")
    bench = add("bench", _bench, "run the benchmarks and print their table")
    bench.add_argument("names", nargs="*", help="only these")
    add("status", _status, "say what runs and answers", needs_stores=False)
    return root


def _add_import(add: Callable) -> None:
    command = add("import", _import, "read a CSV file into a shop, as the web form does")
    command.add_argument("file", type=Path)
    command.add_argument("--shop", required=True, help="the shop's id; a new one is made")
    command.add_argument("--kind", choices=("users", "events", "orders"), help="guessed from the columns if not given")
    command.add_argument("--timezone", help="of times without a zone; default the shop's")


def _demo(chosen) -> None:
    from demo import load, removal, trickle

    if chosen.remove:
        sessions = removal.run()
        print(f"The demo shop's {sessions:,} sessions are gone. `manage.py demo` brings them back.")
    elif chosen.trickle:
        trickle.run(rate=chosen.rate)
    else:
        load.run()


def _import(chosen) -> None:
    from jobs import imports_file

    done = imports_file.run(chosen.file, shop=chosen.shop, kind=chosen.kind, zone=chosen.timezone, say=print)
    print(f"{done.rows_stored:,} rows stored, {done.rows_known:,} known before, {done.rows_rejected:,} not read, in {done.seconds} s")


def _web(chosen) -> None:
    import supervisor

    command = supervisor.gunicorn(settings.current())
    os.execv(command[0], command)


def _worker(chosen) -> None:
    from jobs import worker

    worker.run()


def _ingest(chosen) -> None:
    from jobs import ingest

    ingest.run()


def _scheduler(chosen) -> None:
    from jobs import schedule

    schedule.run()


def _openapi(chosen) -> None:
    import json

    from api.app import create_app

    with create_app(settings.current()).test_client() as client:
        text = json.dumps(client.get("/openapi.json").get_json(), indent=1)
    if chosen.out:
        chosen.out.write_text(text + "\n")
    else:
        print(text)


def _bench(chosen) -> int | None:
    from bench import report

    return report.run(chosen.names)


def _status(chosen) -> int:
    import supervisor

    states = supervisor.status(settings.current())
    for name, answers in states.items():
        print(f"{name:<11} {'answers' if answers else 'does not answer'}")
    return 0 if all(states.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
