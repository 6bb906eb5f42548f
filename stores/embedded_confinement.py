"""Landlock (Linux 5.13 and newer): what the process that runs users' SQL may open. It cannot be undone, and counts for its children too."""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # system calls, the same on every architecture
PR_SET_NO_NEW_PRIVS = 38
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
ALL_UNTIL_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
ALL = (1 << 16) - 1  # from version 5 on
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14 | 1 << 15  # the rights that a single file can have
TCP = 3  # bind and connect
SCOPES = 3  # abstract sockets and signals to others

_libc = ctypes.CDLL(None, use_errno=True)


def confine(writable: Iterable[Path], readable: Iterable[Path]) -> bool:
    """Allow this process nothing but `writable` and `readable`, no new TCP connection, no signal to others.

    False, and nothing changed, where the kernel has no Landlock. Sockets that are open stay open. To be called before there are threads:
    those that run already stay free.
    """
    known = version()
    if known < 1:
        return False
    rights = ALL_UNTIL_ABI.get(known, ALL)
    attributes = struct.pack("=QQQ", rights, TCP if known >= 4 else 0, SCOPES if known >= 6 else 0)
    size = 8 if known < 4 else 16 if known < 6 else 24
    ruleset = _checked(_libc.syscall(CREATE_RULESET, attributes[:size], size, 0))
    for path in writable:
        _allow(ruleset, path, rights & ~EXECUTE)
    for path in readable:
        _allow(ruleset, path, rights & (READ_FILE | READ_DIR | EXECUTE))
    _checked(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _checked(_libc.syscall(RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)
    return True


def version() -> int:
    """The kernel's version of Landlock: network rules from 4 on, signals from 6 on; below 1 it has none."""
    return _libc.syscall(CREATE_RULESET, None, 0, 1)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    if not path.exists():
        return
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    if not path.is_dir():
        rights &= ON_FILES
    _checked(_libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0))
    os.close(descriptor)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"Landlock: {os.strerror(number)}")
    return result
