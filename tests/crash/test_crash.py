"""kill -9 of any process at any moment: nothing that was accepted is lost, nothing is counted twice."""

import pytest

from tests.crash import world

SHORT_S = 12


def exactly_once(verdict) -> None:
    assert verdict.accepted > 0, verdict
    assert sum(verdict.kills.values()) > 0, verdict
    assert (verdict.lost, verdict.doubled, verdict.alien, verdict.in_sessions) == (0, 0, 0, verdict.stored), verdict


def test_nothing_is_lost_or_doubled_while_processes_are_killed(home):
    exactly_once(world.run(home, seconds=SHORT_S, seed=1))


def test_the_run_shows_doubles_where_ids_are_not_looked_up(home):
    verdict = world.run(home, seconds=SHORT_S, seed=1, victims=("web", "ingest"), faults="skip-id-lookup")
    assert verdict.doubled > 0, verdict


def test_the_run_shows_losses_where_the_answer_comes_before_the_write(home):
    verdict = world.run(home, seconds=SHORT_S, seed=1, victims=("web",), faults="answer-before-write")
    assert verdict.lost > 0, verdict


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_minute_of_kills_loses_and_doubles_nothing(home, seed):
    exactly_once(world.run(home, seconds=60, seed=seed))


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_consumer_that_dies_between_its_inserts_and_its_acknowledgement_doubles_nothing(home):
    exactly_once(world.run(home, seconds=60, seed=4, victims=("web", "ingest"), faults="die-before-done"))


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("victim", ["web", "ingest", "event_log", "clickhouse"])
def test_a_minute_of_kills_of_one_kind(home, victim):
    exactly_once(world.run(home, seconds=60, seed=5, victims=(victim,)))
