"""A shop's minute: never passed, seldom asked for."""

from dataclasses import replace

import pytest

import settings
from actions import tenants
from api import event_quota
from errors import LimitExceeded, Unavailable
from stores import redis


@pytest.fixture
def shop(tenant, monkeypatch):
    chosen = replace(settings.current(), events_per_minute=250, events_per_minute_enterprise=100_000)
    monkeypatch.setattr(settings, "current", lambda: chosen)
    return tenants.load(tenant)


def test_the_limit_is_reached_exactly_and_not_passed(shop):
    for _ in range(250):
        event_quota.take(shop, 1)
    with pytest.raises(LimitExceeded) as refusal:
        event_quota.take(shop, 1)
    assert (refusal.value.details["limit"], 1 <= refusal.value.retry_after_s <= 60) == (250, True)


def test_a_batch_that_does_not_fit_is_refused_whole(shop):
    event_quota.take(shop, 200)
    with pytest.raises(LimitExceeded):
        event_quota.take(shop, 51)


def test_redis_is_asked_once_in_a_hundred(shop, monkeypatch):
    asked, take = [], redis.take
    monkeypatch.setattr(redis, "take", lambda *args, **kwargs: asked.append(args) or take(*args, **kwargs))
    for _ in range(200):
        event_quota.take(shop, 1)
    assert len(asked) == 2


def test_tiers_have_limits_of_their_own_and_some_have_none(shop):
    event_quota.take(replace(shop, tier="enterprise"), 90_000)
    event_quota.take(replace(shop, tier="unlimited"), 10**9)
    event_quota.take(shop, 0)


def test_while_redis_is_away_events_are_taken(shop, monkeypatch):
    def away(*_, **__):
        raise Unavailable("Redis does not answer.")

    monkeypatch.setattr(redis, "take", away)
    event_quota.take(shop, 10_000)
