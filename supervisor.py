"""All processes of one machine under one parent: started in order, restarted when they die, stopped cleanly.

`python wsgi.py` runs it. In production each of the programs may just as well run on its own.
"""

import os
import shutil
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import structlog

import settings as configuration
from errors import Conflict, EcapError
from settings import PROJECT, Settings
from stores import embedded, embedded_process, postgres
from stores.embedded_process import Child

TICK_S = 0.2
FIRST_DELAY_S, LONGEST_DELAY_S = 0.5, 30.0
HEALTHY_S = 30  # who ran that long is restarted at once
WEB_TIMEOUT_S = 90

log = structlog.get_logger("supervisor")


@dataclass
class Program:
    """One process that is kept running. `grace_s` is its time to end by itself when we stop."""

    name: str
    command: list[str]
    grace_s: float
    wave: int  # those of the lowest wave stop first
    may_end: bool = False  # exit status 0 means that its work is done
    child: Child | None = None
    started_at: float = 0.0
    delay_s: float = FIRST_DELAY_S
    due_at: float = 0.0
    restarts: int = field(default=0)


def programs(settings: Settings) -> list[Program]:
    """What runs beside the stores: web first, so that nothing new arrives while the rest drains."""
    manage = [sys.executable, str(PROJECT / "manage.py")]
    kept = [Program("web", gunicorn(settings), grace_s=6, wave=0)]
    if settings.is_development and settings.demo:
        kept.append(Program("demo", [*manage, "demo", "--trickle"], grace_s=2, wave=0, may_end=True))
    kept.append(Program("scheduler", [*manage, "scheduler"], grace_s=3, wave=1))
    kept += [Program(f"worker {number + 1}", [*manage, "worker"], grace_s=4, wave=1) for number in range(settings.worker_processes)]
    kept.append(Program("ingest", [*manage, "ingest"], grace_s=8, wave=2))
    return kept


def gunicorn(settings: Settings) -> list[str]:
    """The command line of the web server. Threads appear only when none is idle; a live view holds one."""
    options = {
        "--bind": f"{settings.host}:{settings.port}",
        "--worker-class": "gthread",
        "--workers": str(settings.web_workers),
        "--threads": str(settings.web_threads),
        "--worker-connections": str(max(2000, settings.web_threads + 500)),
        "--graceful-timeout": "4",
        "--timeout": "60",
        "--keep-alive": "30",
        "--log-level": "warning",
        "--chdir": str(PROJECT),
    }
    # The control socket is one per user: a second gunicorn would take it away from the first.
    return [sys.executable, "-m", "gunicorn", "--no-control-socket", *(part for option in options.items() for part in option), "wsgi:app"]


class Supervisor:
    """Runs until SIGTERM or SIGINT; a second signal kills what is left."""

    def __init__(self, settings: Settings, running: embedded.Running, kept: list[Program]):
        self.settings = settings
        self.running = running
        self.kept = kept
        self.stopping = False
        self.restarting = False

    def run(self) -> None:
        """Keep everything running until a signal asks to stop, then stop in order."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        try:
            self._run()
        except KeyboardInterrupt:
            log.warning("stopped while a store was starting")
        finally:
            self.stop()

    def _run(self) -> None:
        announced = False
        while not self.stopping:
            self._restart_stores()
            for program in list(self.kept):
                self._keep(program)
            if not announced and accepts(self.settings.host, self.settings.port):
                announced = True
                print(table(self.settings, self.running, self.kept), flush=True)
            time.sleep(TICK_S)

    def stop(self) -> None:
        """Stop wave by wave, each program within its grace, and the stores at last."""
        for wave in sorted({program.wave for program in self.kept}):
            children = [program for program in self.kept if program.wave == wave and program.child]
            for program in children:
                program.child.ask()
            deadline = time.monotonic() + max((program.grace_s for program in children), default=0)
            for program in children:
                began = time.monotonic()
                program.child.stop(max(0.1, deadline - began))
                program.child = None
                log.info("program stopped", program=program.name, waited_s=round(time.monotonic() - began, 1))
        self.running.stop()
        log.info("all stopped")

    def _on_signal(self, number: int, frame) -> None:
        if self.stopping:  # asked twice: no more patience
            for program in self.kept:
                if program.child:
                    program.child.kill()
            return
        self.stopping = True
        if self.restarting:  # a store that does not come up would hold us for a minute
            raise KeyboardInterrupt

    def _restart_stores(self) -> None:
        for name, child in list(self.running.children.items()):
            if child.poll() is None:
                continue
            log.error("store died", store=name, status=child.poll())
            before = dict(self.running.environ)
            self.restarting = True
            try:
                self.running.restart(name)
                log.info("store runs again", store=name)
            except EcapError as problem:  # a full disk, say: the next round tries again
                log.error("store does not start", store=name, reason=problem.message)
                time.sleep(1)
            finally:
                self.restarting = False
            if self.running.environ != before:  # its port was taken meanwhile, so nobody would find it
                self._restart_all()

    def _restart_all(self) -> None:
        for program in self.kept:
            if program.child:
                program.child.stop(program.grace_s)

    def _keep(self, program: Program) -> None:
        now = time.monotonic()
        if program.child and (status := program.child.poll()) is not None:
            self._bury(program, status, now)
        if program.child is None and now >= program.due_at:
            program.child = embedded_process.spawn(program.name, program.command, env=self._environ(), cwd=PROJECT)
            program.started_at = now

    def _bury(self, program: Program, status: int, now: float) -> None:
        """Note the death, end what it left in its group, and say when it is due again."""
        program.child.kill()
        program.child = None
        if program.may_end and status == 0:
            self.kept.remove(program)
            log.info("program is done", program=program.name)
            return
        if now - program.started_at >= HEALTHY_S:
            program.delay_s = FIRST_DELAY_S
        program.due_at, program.restarts = now + program.delay_s, program.restarts + 1
        log.error("program died", program=program.name, reason=_reason(status), again_in_s=program.delay_s)
        program.delay_s = min(program.delay_s * 2, LONGEST_DELAY_S)

    def _environ(self) -> dict[str, str]:
        folders = {"ECAP_HOME": str(self.settings.ecap_home.absolute()), "PROMETHEUS_MULTIPROC_DIR": str(metrics_folder(self.settings))}
        return os.environ | self.running.environ | folders


def run(settings: Settings, migrate) -> None:
    """Start the stores that have no URL, `migrate`, then keep all programs running. Raises Conflict when the port is taken."""
    if accepts(settings.host, settings.port):
        raise Conflict(f"Port {settings.port} of {settings.host} is in use. Stop what uses it, or set PORT to another one.")
    running = embedded.start(settings)
    try:
        os.environ.update(running.environ)
        configuration.current.cache_clear()
        empty_metrics_folder(settings)
        migrate()
        postgres.close()  # this process has no further use for it
    except BaseException:
        running.stop()
        raise
    Supervisor(settings, running, programs(settings)).run()


def metrics_folder(settings: Settings) -> Path:
    """Where the processes leave their counters for /metrics to add up."""
    return settings.ecap_home.absolute() / "tmp" / "metrics"


def empty_metrics_folder(settings: Settings) -> None:
    """Counters begin at 0 with the server, as Prometheus expects."""
    shutil.rmtree(metrics_folder(settings), ignore_errors=True)
    metrics_folder(settings).mkdir(parents=True, mode=0o700)


def accepts(host: str, port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1" if host == "0.0.0.0" else host, port)) == 0


def status(settings: Settings) -> dict[str, bool]:
    """For the web server and each store: whether it answers."""
    return {"web": accepts(settings.host, settings.port)} | embedded.answering(settings)


def table(settings: Settings, running: embedded.Running, kept: list[Program]) -> str:
    """What listens where, for the terminal; in development with the sign-in."""
    rows = [("ECAP", f"{settings.base_url}/app/"), ("API", f"{settings.base_url}/docs")]
    if settings.is_development:
        rows.append(("Sign in", f"{settings.admin_email} / {settings.admin_password} (development only)"))
    rows += [(name.replace("_", " "), _place(url)) for name, url in _addresses(running)]
    rows.append(("Runs", ", ".join(program.name for program in kept)))
    rows.append(("Data", str(settings.ecap_home.absolute())))
    width = max(len(name) for name, _ in rows)
    return "\n".join(["", *(f"  {name:<{width}}  {value}" for name, value in rows), "", "  Ctrl-C stops everything.", ""])


def _addresses(running: embedded.Running) -> list[tuple[str, str]]:
    return [(name, running.environ[embedded.VARIABLES[name]]) for name in running.children]


def _place(url: str) -> str:
    """The address without its password; of PostgreSQL the folder of its socket."""
    parts = urlsplit(url)
    if folder := parse_qs(parts.query).get("host"):
        return folder[0]
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _reason(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
