"""What the text of a statement says about itself, before the engine sees it."""

import pytest

from stores.embedded_statement import ADMIN, INSERT, Refused, Statement, check_single


@pytest.mark.parametrize(
    ("sql", "is_single"),
    [
        ("SELECT 1", True),
        ("SELECT 1;", True),
        ("SELECT 'a;b', \"c;d\", `e;f` -- g;h\n/* i;j */", True),
        ("SELECT 'it''s; fine', 'so \\' is; this'", True),
        ("SELECT 1; SELECT 2", False),
        ("SELECT ';'; SET ROLE ecap_admin", False),
        ("SELECT '\\'; SET ROLE ecap_admin -- '", True),  # the quote is escaped: all of it is one literal
    ],
)
def test_several_statements_are_told_from_one(sql, is_single):
    if is_single:
        check_single(sql)
    else:
        with pytest.raises(Refused):
            check_single(sql)


@pytest.mark.parametrize(
    ("sql", "has_rows"),
    [
        ("INSERT INTO t FORMAT CSV\n", True),
        ("insert into ecap.`t` (a, b) settings async_insert = 0 format JSONEachRow ", True),
        ("INSERT INTO t SELECT 1 FORMAT Null", False),
        ("INSERT INTO t VALUES (' FORMAT CSV ')", False),
        ("SELECT 1 FORMAT CSV", False),
    ],
)
def test_an_insert_with_rows_behind_it_is_told_from_one_without(sql, has_rows):
    assert bool(INSERT.match(sql.encode())) == has_rows


def test_a_setting_with_a_forged_name_is_refused():
    with pytest.raises(Refused):
        _ = Statement("SELECT 1", settings={"a = 1, readonly": "0"}).assignments


def test_a_reader_is_read_only_whatever_it_asks_for_and_its_shop_comes_before():
    asked = Statement("SELECT 1", role="ecap_reader", settings={"readonly": "0", "max_threads": "2", "log_comment": "linden"})

    assert asked.assignments == "max_threads = '2', log_comment = 'linden', readonly = '1'"


def test_a_reader_without_a_shop_sees_no_row_and_none_may_be_one_of_us():
    assert Statement("SELECT 1", role="ecap_reader").assignments == "log_comment = '', readonly = '1'"
    with pytest.raises(Refused):
        _ = Statement("SELECT 1", role="ecap_reader", settings={"log_comment": ADMIN}).assignments


def test_our_own_statements_see_every_shop_and_values_are_quoted():
    assert Statement("SELECT 1", settings={"a": "it's \\ b"}).assignments == "a = 'it\\'s \\\\ b', log_comment = '__ecap_admin__'"


@pytest.mark.parametrize(
    ("sql", "format", "is_streamed"),
    [
        ("SELECT 1", "TabSeparated", True),
        ("WITH 1 AS a SELECT a\n FORMAT Native", "TabSeparated", True),
        ("-- why\n/* how */ (SELECT 1)", "CSV", True),
        ("SELECT 1 FORMAT JSON", "TabSeparated", False),
        ("SELECT 1", "Arrow", False),
        ("CREATE TABLE t (n Int8) ENGINE = Memory", "TabSeparated", False),
        ("INSERT INTO t SELECT 1", "TabSeparated", False),
    ],
)
def test_only_a_select_in_a_format_of_rows_comes_in_pieces(sql, format, is_streamed):
    assert Statement(sql, format=format).is_streamed == is_streamed
