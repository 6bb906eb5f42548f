"""Steps that ask for a property: found among the recorded events, then put at their places in the sessions' arrays."""

from analytics.funnel_marks import Marks
from stores.clickhouse import Sql, paste

# An event is found again in its session by its time. That is not enough where several events of a session share an instant:
# for those sessions all events are put into their order once more, which costs as much as recomputing them.
BY_TIME_SQL = """
SELECT sh, groupArray(toUnixTimestamp64Milli(timestamp)) AS matched_ms, groupArray(mark) AS matched_marks
FROM (SELECT sh, timestamp, $mark AS mark FROM events_raw WHERE $span AND ($candidates))
WHERE mark > 0
GROUP BY sh"""

BY_ORDER_SQL = """
SELECT sh, arrayMap(event -> event.4, arraySort(groupUniqArray((timestamp, seq, event_id, $mark)))) AS ordered_marks
FROM events_raw
WHERE $span AND sh IN (
    SELECT sh FROM sessions FINAL WHERE $scope AND arrayExists(step -> step = 0, arrayPopFront(arrayDifference(ms))))
GROUP BY sh"""

SPAN_SQL = """
customer_id = {tenant:String} AND timestamp >= (SELECT min(started_at) FROM sessions FINAL WHERE $scope)
AND timestamp <= (SELECT max(ended_at) FROM sessions FINAL WHERE $scope)"""

SESSIONS_SQL = """
(
    SELECT customer_id, day, vh, sh, ph, device_type, browser, os, country, region, source, medium, campaign, channel, is_bot,
        started_at, ended_at, order_count, revenue, cart_value, exit_page, exit_type, has_error, low_rating,
        ms, events, names, page_types, paths, matched_marks, ordered_marks,
        arrayMap(time -> toUInt64(time - toUnixTimestamp64Milli(started_at)), matched_ms) AS matched_after
    FROM (
        SELECT customer_id, day, vh, sh, ph, device_type, browser, os, country, region, source, medium, campaign, channel, is_bot,
            started_at, ended_at, order_count, revenue, cart_value, exit_page, exit_type, has_error, low_rating,
            ms, events, names, page_types, paths
        FROM sessions FINAL WHERE $scope
    ) AS chosen
    LEFT JOIN ($by_time) AS by_time USING (sh)
    LEFT JOIN ($by_order) AS by_order USING (sh)
) AS sessions"""


def sessions_with_marks(where: Sql, marks: Marks) -> Sql:
    """The sessions of this condition with what `hits` needs to know of their events' properties."""
    span = Sql(paste(SPAN_SQL, {"scope": where}))
    known = {"span": span, "mark": marks.event, "candidates": marks.candidates, "scope": where}
    fragments = {"by_time": Sql(paste(BY_TIME_SQL, known)), "by_order": Sql(paste(BY_ORDER_SQL, known))}
    return Sql(paste(SESSIONS_SQL, fragments | {"scope": where}))


HITS_SQL = """
arrayMap((mark, by_property) -> bitOr(mark, by_property), $plain, multiIf(
    notEmpty(ordered_marks), arrayResize(ordered_marks, length(ms)),
    notEmpty(matched_after), arrayMap(after -> matched_marks[indexOf(matched_after, after)], ms),
    arrayResize(emptyArrayUInt32(), length(ms))))"""


def hits(marks: Marks) -> Sql:
    """The marks of a session's events, those by property included."""
    return Sql(paste(HITS_SQL, {"plain": marks.session}))
