"""How long do the questions take on ten million events, beside their own SQL sent straight to the engine?"""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from unittest import mock

from actions import funnels
from analytics import dropoffs, funnel, overview, rates, saved_funnel, trends
from analytics.funnel import CHECKOUT, Definition, Step
from analytics.saved_funnel import Saved
from analytics.scope import Filters, OneOf, Scope
from bench import synthesis
from bench.measurement import Measurement, median_ms
from jobs import funnels as worked_out
from stores import clickhouse
from stores.clickhouse import Sql

QUICK_MS, SESSION_MS, VISITOR_MS, PROPERTY_MS = 150, 1000, 1500, 2500
BY_PROPERTY = Definition("Dear", (CHECKOUT.steps[0], Step("property", "150", "at_least", key="price"), *CHECKOUT.steps[2:]))


def run() -> list[Measurement]:
    """Every question with its target and, as a yardstick, the statements that it sent, run again without their answers."""
    questions = _questions(synthesis.ensure())
    return [_measured(name, ask, target) for name, target, ask in questions]


def _questions(tenant: str) -> list[tuple[str, float | None, Callable[[], object]]]:
    start, end = synthesis.period()
    whole = Scope(tenant, start, end)
    month, week = replace(whole, start=end - timedelta(days=30)), replace(whole, start=end - timedelta(days=7), tz="Europe/Berlin")
    mobile = replace(month, filters=Filters(device=OneOf(("mobile",))))
    saved = _saved(tenant)
    visitors = replace(CHECKOUT, unit="visitor")
    return [
        ("Overview, 30 days and the 30 before", QUICK_MS, lambda: overview.run(month)),
        ("Trend, daily, 90 days", QUICK_MS, lambda: trends.run(whole, "day")),
        ("Trend, hourly, 7 days, Berlin", QUICK_MS, lambda: trends.run(week, "hour")),
        ("Saved funnel, 90 days", QUICK_MS, lambda: saved_funnel.run(whole, saved)),
        ("Saved funnel, mobile, 30 days", QUICK_MS, lambda: saved_funnel.run(mobile, saved)),
        ("Saved funnel over time by device, 90 days", QUICK_MS, lambda: saved_funnel.over_time(whole, saved, "day", "device")),
        ("Funnel by session, times and money, 90 days", SESSION_MS, lambda: funnel.run(whole, CHECKOUT)),
        ("Funnel by session, by device, 90 days", SESSION_MS, lambda: funnel.run(whole, CHECKOUT, breakdown="device")),
        ("Funnel by visitor, 7-day window, 90 days", VISITOR_MS, lambda: funnel.run(whole, visitors)),
        ("Funnel by person, 7-day window, 90 days", VISITOR_MS, lambda: funnel.run(whole, replace(CHECKOUT, unit="person"))),
        ("Funnel with a property, by session, 90 days", PROPERTY_MS, lambda: funnel.run(whole, BY_PROPERTY)),
        ("Drop-offs by session, 90 days", None, lambda: dropoffs.run(whole, CHECKOUT)),
        ("Conversion rates, 30 days and the 30 before", None, lambda: rates.run(month, CHECKOUT)),
    ]


def _saved(tenant: str) -> Saved:
    kept = [one for one in funnels.recent(tenant) if one.name == CHECKOUT.name] or [funnels.create(tenant, CHECKOUT, account_id=None)]
    if not kept[0].is_filled:
        worked_out.fill(tenant=tenant, number=kept[0].number)
    return funnels.load(tenant, kept[0].id).saved


def _measured(name: str, ask: Callable[[], object], target: float | None) -> Measurement:
    with _recorded() as statements:
        ask()
    return Measurement(name, median_ms(ask), "ms", target, yardstick=median_ms(lambda: _again(statements)))


@contextmanager
def _recorded():
    """The statements that are sent meanwhile, as (text, parameters, settings)."""
    statements, query = [], clickhouse.query

    def noting(sql, params=None, *, settings=None, **fragments):
        statements.append((clickhouse.paste(sql, fragments), params, settings))
        return query(sql, params, settings=settings, **fragments)

    with mock.patch.object(clickhouse, "query", noting):
        yield statements


def _again(statements: list[tuple]) -> None:
    for sql, params, settings in statements:
        clickhouse.command("$statement FORMAT Null", params, settings=settings, statement=Sql(sql))
