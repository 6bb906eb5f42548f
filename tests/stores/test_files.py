"""Files are there whole or not at all, and never outside their folder."""

import hashlib

import pytest

from errors import NotFound
from stores import files


def test_a_file_is_in_its_place_only_when_it_is_kept():
    incoming = files.Incoming("uploads", "a.csv")
    incoming.write(b"one")
    incoming.write(b"two")
    assert not files.path("uploads", "a.csv").exists()

    assert incoming.keep() == files.Kept(6, hashlib.sha256(b"onetwo").hexdigest())
    with files.open_file("uploads", "a.csv") as handle:
        assert handle.read() == b"onetwo"
    incoming.discard()  # too late: it is kept
    assert files.path("uploads", "a.csv").exists()
    assert files.path("uploads", "a.csv").stat().st_mode & 0o077 == 0


def test_what_was_not_kept_leaves_nothing():
    def broken():
        yield b"half"
        raise OSError("the connection was lost")

    before = set(files.path("uploads", "x").parent.iterdir())
    with pytest.raises(OSError, match="lost"):
        files.put("uploads", "b.csv", broken())
    assert set(files.path("uploads", "x").parent.iterdir()) == before


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a/b", "", ".", ".hidden", "a\0b", "x" * 200])
def test_a_name_cannot_leave_the_folder(name):
    with pytest.raises(NotFound):
        files.path("uploads", name)


def test_a_file_that_is_gone_is_not_found_and_removing_it_again_is_fine():
    files.put("uploads", "c.csv", iter([b"x"]))
    files.remove("uploads", "c.csv")
    files.remove("uploads", "c.csv")
    with pytest.raises(NotFound, match="not kept any more"):
        files.open_file("uploads", "c.csv")


def test_scratch_is_removed_with_its_run():
    with files.scratch() as folder:
        inside = files.path("scratch", "x").parent / folder
        (inside / "a").write_text("x")
    assert not inside.exists()
