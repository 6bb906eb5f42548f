"""CSV of every make, row by row: what can be read is read, the rest is named by line, and memory stays small."""

import gzip
import io
import tracemalloc

import pytest

from actions import upload_reading, upload_sniffing
from actions.upload_reading import Dialect, Table
from errors import Invalid

COMMA = Dialect("utf-8-sig", ",", packed=False)
MOST = 1 << 30


def table(content: str | bytes, dialect: Dialect = COMMA) -> Table:
    raw = content if isinstance(content, bytes) else content.encode()
    return Table(io.BytesIO(raw), dialect, max_bytes=MOST)


def read(content: str | bytes, dialect: Dialect = COMMA) -> tuple[list, list]:
    """The rows, and (line, reason, raw) of the bad ones."""
    opened = table(content, dialect)
    return list(opened), [(error.line, error.reason, error.raw) for error in opened.errors]


def test_rows_come_with_their_line_also_after_a_cell_of_many_lines():
    assert read('a,b\r\n1,2\n"x\ny","say ""hi"""\r5,6\n') == ([(2, ["1", "2"]), (3, ["x\ny", 'say "hi"']), (5, ["5", "6"])], [])


def test_empty_lines_and_rows_of_empty_cells_are_no_rows():
    assert read("a,b\n\n1,2\n,,,\n\n") == ([(3, ["1", "2"])], [])


def test_rows_of_another_width_are_named_and_empty_cells_too_many_are_cut_off():
    rows, errors = read("a,b\n1\n1,2,3\n1,2,,\n")

    assert rows == [(4, ["1", "2"])]
    assert errors == [(2, "Row ends too early", "1 of 2 columns"), (3, "Row has too many columns", "3 of 2 columns")]


def test_a_quote_that_is_not_closed_costs_its_own_row_only():
    rows, errors = read('a,b\n1,"open\n3,4\n5,6\n')

    assert rows == [(3, ["3", "4"]), (4, ["5", "6"])]
    assert errors == [(2, "A quote is not closed", '1,"open')]


def test_an_open_quote_far_from_the_end_does_not_swallow_what_follows():
    rows, errors = read('a,b\n1,"open\n' + "3,4\n" * 5_000)

    assert (len(rows), rows[0], rows[-1]) == (5_000, (3, ["3", "4"]), (5_002, ["3", "4"]))
    assert errors == [(2, "A quote is not closed", '1,"open')]


def test_a_huge_cell_and_a_huge_line_cost_their_rows():
    rows, errors = read("a,b\n1," + "x" * 200_000 + "\n3,4\n5," + "y" * 3_000_000 + "\n7,8\n")

    assert rows == [(3, ["3", "4"]), (5, ["7", "8"])]
    assert [error[:2] for error in errors] == [
        (2, "A cell is longer than 131,072 characters"),
        (4, "The line is longer than 1,048,576 characters"),
    ]


def test_a_million_columns_are_refused_with_their_number():
    with pytest.raises(Invalid, match=r"The file has 500,000 columns; 1,000 can be read\."):
        table("a," * 499_999 + "b\n1\n")


def test_column_names_are_told_apart():
    assert table(" price ,price,,a\tb\n1,2,3,4\n").header == ["price", "price (2)", "Column 3", "a b"]


def test_a_file_without_a_line_is_refused():
    with pytest.raises(Invalid, match="The file is empty"):
        table("\n \n")


def test_latin_1_utf_16_and_a_byte_order_mark_are_read():
    assert read("größe,b\n1,é\n".encode("cp1252"), Dialect("cp1252", ",", False))[0] == [(2, ["1", "é"])]
    assert read("größe;b\n1;é\n".encode("utf-16"), Dialect("utf-16", ";", False))[0] == [(2, ["1", "é"])]
    assert table(b"\xef\xbb\xbfa,b\n1,2\n").header == ["a", "b"]


def test_gzip_is_unpacked_on_the_way_and_a_cut_off_file_is_read_up_to_the_cut():
    packed = gzip.compress(b"a,b\n" + b"".join(b"%d,x\n" % n for n in range(100_000)))

    assert len(read(packed, Dialect("utf-8-sig", ",", True))[0]) == 100_000
    rows, errors = read(packed[:-50_000], Dialect("utf-8-sig", ",", True))
    assert 0 < len(rows) < 100_000
    assert [error[1] for error in errors] == ["The packed file is damaged from here on"]


def test_a_packed_file_that_unpacks_too_far_is_refused():
    bomb = gzip.compress(b"a,b\n" + b"1,2\n" * 10_000_000)

    with pytest.raises(Invalid, match="more than 100 times its size"):
        read(bomb, Dialect("utf-8-sig", ",", True))
    with pytest.raises(Invalid, match="more than 1 MiB"):
        list(Table(io.BytesIO(gzip.compress(bytes(range(256)) * 8_192)), Dialect("cp1252", ",", True), max_bytes=1 << 20))


def test_memory_stays_small_whatever_the_file_holds():
    endless = b'a,b\n"' + b"x,y\n" * 4_000_000
    tracemalloc.start()
    opened = Table(io.BytesIO(endless), COMMA, max_bytes=MOST)
    before = tracemalloc.get_traced_memory()[0]
    for number, _row in enumerate(opened):
        opened.errors.clear()
        if number > 50_000:
            break
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak - before < 20 << 20


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"PK\x03\x04....", "zip file or an Excel workbook"),
        (b"%PDF-1.4", "This is a PDF"),
        (b"\x00\x01\x02\x00\x00\x00\x00", "not a text file"),
        (b"", "The file is empty"),
        (b"   \n", "The file is empty"),
        (b"a,b\n", "no row that can be read"),
        (b"\x1f\x8bgarbage", "The packed file is damaged"),
    ],
)
def test_what_holds_no_table_is_refused_with_advice(content, advice):
    with pytest.raises(Invalid, match=advice):
        upload_sniffing.sniff(io.BytesIO(content), max_bytes=MOST)


def test_the_limits_are_those_the_words_name():
    assert (upload_reading.MAX_COLUMNS, upload_reading.MAX_LINE) == (1_000, 1_048_576)
