"""Child processes of the embedded servers: they die with their parent, hold the folder's lock, and leave a log."""

import ctypes
import fcntl
import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path

from errors import Conflict, Unavailable

SOCKET_PATH_BYTES = 107  # what a unix socket's address may have, with the file's name
PR_SET_PDEATHSIG = 1
START_TIMEOUT_S = 60
POLL_S = 0.05  # each try of PostgreSQL's is a line in its log
DYING_TIMEOUT_S = 15

_libc = ctypes.CDLL(None, use_errno=True)  # loaded here, because between fork and exec only the call itself is safe


class Child:
    """A running server. `stop` asks politely first; `pid` and `poll` are those of the process."""

    def __init__(self, name: str, process: subprocess.Popen, polite: signal.Signals):
        self.name = name
        self.process = process
        self.polite = polite

    @property
    def pid(self) -> int:
        return self.process.pid

    def poll(self) -> int | None:
        """The exit status, or None while it runs."""
        return self.process.poll()

    def ask(self) -> None:
        """Ask it to end, without waiting."""
        self.process.send_signal(self.polite)

    def stop(self, timeout_s: float = 15) -> None:
        """Return when it has ended; kills its whole process group when asking did not help in time."""
        self.ask()
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it and what it left in its process group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def spawn(
    name: str,
    command: list[str],
    *,
    log: Path | None = None,
    polite: signal.Signals = signal.SIGTERM,
    env: dict[str, str] | None = None,
    cwd: str | Path = "/",
    lock: int | None = None,
) -> Child:
    """Start `command` in a process group of its own. It gets `polite` when this process dies, however it dies.

    What it says goes to `log`, else where ours goes. With `lock` it inherits that descriptor, so the folder stays locked until the last of
    the children is gone.
    """
    # TRICKY: the kernel sends the death signal when the *thread* that spawned ends, so a short-lived thread would take its server along.
    assert threading.current_thread() is threading.main_thread(), "children are started from the main thread"
    parent = os.getpid()

    def before_exec() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(polite))
        if os.getppid() != parent:  # the parent died before the call above
            os._exit(1)

    with log.open("ab") if log else nullcontext() as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            cwd=cwd,
            env=env,
            start_new_session=True,
            preexec_fn=before_exec,
            pass_fds=() if lock is None else (lock,),
        )
    return Child(name, process, polite)


def wait_until(child: Child, answers: Callable[[], bool], log: Path) -> Child:
    """The child, as soon as it `answers`. Raises Unavailable with the end of its log when it ends or stays silent."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise Unavailable(f"The embedded {child.name} ended at once with status {child.poll()}. {_last_words(log)}")
        if answers():
            return child
        time.sleep(POLL_S)
    child.stop()
    raise Unavailable(f"The embedded {child.name} did not answer within {START_TIMEOUT_S} s. {_last_words(log)}")


def lock(home: Path) -> int:
    """The descriptor of the lock of `home`, for the children to inherit. Raises Conflict that names who holds it.

    A starter that was killed leaves servers that are just ending; these are waited for.
    """
    descriptor = os.open(home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + DYING_TIMEOUT_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            holder = holder_of(home)
            if _is_alive(holder.get("pid")) or time.monotonic() > deadline:
                os.close(descriptor)
                raise Conflict(_held(home, holder)) from None
            time.sleep(0.05)
    _sign(descriptor)
    return descriptor


def holder_of(home: Path) -> dict:
    """Who signed the lock of `home` last: pid, command and since when; {} when nobody did."""
    try:
        return json.loads((home / "lock").read_text())
    except (FileNotFoundError, ValueError):
        return {}


def is_locked(home: Path) -> bool:
    """Whether servers of `home` run, or are just ending."""
    try:
        descriptor = os.open(home / "lock", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)


def runtime_folder(home: Path) -> Path:
    """The private folder of the sockets of `home`: short, because a socket's path has at most 107 bytes, and ours alone."""
    name = f"ecap-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"
    for parent in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):
        if parent and os.path.isdir(parent) and len(os.fsencode(parent)) + len(name) < SOCKET_PATH_BYTES - 32:
            return private_folder(Path(parent) / name)
    raise Unavailable("No temporary folder with a path short enough for sockets; set TMPDIR or XDG_RUNTIME_DIR.")


def private_folder(path: Path) -> Path:
    """`path` as a folder that is ours, with mode 0700. Raises Conflict when somebody else owns what is there."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise Conflict(f"{path} is not a folder of this user; remove it.")
    path.chmod(0o700)
    return path


def write_private(path: Path, text: str) -> None:
    """Replace `path` by `text` in one step, readable by this user alone."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    temporary.replace(path)


def _sign(descriptor: int) -> None:
    text = json.dumps(
        {
            "pid": os.getpid(),
            "command": " ".join(" ".join(sys.argv).split())[:200],
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
    )
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)


def _held(home: Path, holder: dict) -> str:
    who = f"process {holder['pid']} ({holder['command']}, since {holder['since']})" if holder else "another process"
    return f"{home} is in use by {who}. Stop it, or set ECAP_HOME to another folder."


def _is_alive(pid: int | None) -> bool:
    return pid is not None and Path(f"/proc/{pid}").exists()


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-5:]
    return f"The end of {log}: " + " | ".join(lines)
