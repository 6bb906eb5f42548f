"""What a confined process can still do, tried in processes of their own: it cannot be undone."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from stores.embedded_confinement import version
from tests.conftest import subprocess_environ

pytestmark = pytest.mark.skipif(version() < 1, reason="this kernel has no Landlock")

CONFINED = """
import os, socket, sys
from pathlib import Path
from stores.embedded_confinement import confine
mine, shown, hidden, port, parent = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
assert confine([mine], [shown])

def tried(act):
    try:
        act()
        return "done"
    except PermissionError:
        return "refused"

print(tried(lambda: (mine / "new").write_text("x")), tried(lambda: (mine / "new").read_text()), tried(lambda: (shown / "file").read_text()))
there = hidden / "file"
print(tried(lambda: (shown / "file").write_text("x")), tried(there.read_text), tried(lambda: (hidden / "new").write_text("x")))
print(tried(lambda: socket.create_connection(("127.0.0.1", port))), tried(lambda: os.kill(parent, 0)))
"""


def confined(tmp_path: Path) -> list[list[str]]:
    for name in ("mine", "shown", "hidden"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("content")
    with socket.create_server(("127.0.0.1", 0)) as server:
        folders = [str(tmp_path / name) for name in ("mine", "shown", "hidden")]
        command = [sys.executable, "-c", CONFINED, *folders, str(server.getsockname()[1]), str(os.getpid())]
        output = subprocess.run(command, env=subprocess_environ(), capture_output=True, text=True, check=True).stdout
    return [line.split() for line in output.splitlines()]


def test_it_writes_its_own_folder_reads_what_it_was_shown_and_nothing_else(tmp_path):
    own, foreign, _ = confined(tmp_path)
    assert (own, foreign) == (["done", "done", "done"], ["refused", "refused", "refused"])


@pytest.mark.skipif(version() < 6, reason="this kernel's Landlock knows no signals")
def test_it_opens_no_connection_and_signals_nobody(tmp_path):
    assert confined(tmp_path)[2] == ["refused", "refused"]
