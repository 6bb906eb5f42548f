"""What a file is: packing, encoding, delimiter, columns, a sample from all over it."""

import gzip
import io

import pytest

from actions import upload_sniffing
from actions.upload_reading import Dialect


def sniff(content: bytes):
    return upload_sniffing.sniff(io.BytesIO(content), max_bytes=1 << 30)


@pytest.mark.parametrize(
    ("content", "dialect"),
    [
        (b"a,b\n1,2\n", Dialect("utf-8-sig", ",", False)),
        (b"a;b\n1,5;2,5\n", Dialect("utf-8-sig", ";", False)),
        (b"a\tb\n1\t2\n", Dialect("utf-8-sig", "\t", False)),
        (b"a|b\n1|2\n", Dialect("utf-8-sig", "|", False)),
        (b'a,b\n"x;y;z",2\n"x;y",2\n', Dialect("utf-8-sig", ",", False)),
        (b"sep=;\na;b\n1;2\n", Dialect("utf-8-sig", ";", False, skip=1)),
        ("ä;b\n1;2\n".encode("cp1252"), Dialect("cp1252", ";", False)),
        ("ä;b\n1;2\n".encode("utf-16"), Dialect("utf-16", ";", False)),
        ("ä;b\n1;2\n".encode("utf-16-le"), Dialect("utf-16-le", ";", False)),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), Dialect("utf-8-sig", ",", True)),
    ],
)
def test_the_dialect_is_found(content, dialect):
    assert sniff(content).dialect == dialect


def test_a_letter_late_in_the_file_still_tells_latin_1_from_utf_8():
    rows = b"1,plain\n" * 50_000

    assert sniff(b"a,b\n" + rows + "2,süß\n".encode("cp1252")).dialect.encoding == "cp1252"
    assert sniff(b"a,b\n" + rows + "2,süß\n".encode()).dialect.encoding == "utf-8-sig"


def test_the_sample_is_spread_over_the_file_and_all_rows_are_counted():
    found = sniff(b"n,x\n" + b"".join(b"%d,x\n" % n for n in range(30_000)))

    assert (found.header, found.rows) == (["n", "x"], 30_000)
    assert found.sample[0] == ["0", "x"]
    assert int(found.sample[-1][0]) > 29_000
    assert len(found.sample) < upload_sniffing.SAMPLE_ROWS


def test_a_large_file_is_looked_through_at_its_beginning_only(monkeypatch):
    monkeypatch.setattr(upload_sniffing, "LOOK_BYTES", 100_000)

    assert sniff(b"n,x\n" + b"123456789,x\n" * 100_000).rows is None
