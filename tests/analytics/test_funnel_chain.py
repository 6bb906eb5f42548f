"""The rule of funnels against a slow, plain reading of it, on random shoppers and random funnels."""

import random
from collections import defaultdict
from datetime import timedelta

import pytest

from analytics import funnel
from analytics.funnel import Definition, Exclusion, Step
from tests.analytics.conftest import event

NAMES = ["view_item", "add_to_cart", "search", "purchase", "feedback"]


def slow_reached(definition: Definition, events: list[tuple[float, str]]) -> list[int]:
    """The numbers of the steps reached by the events (second, name), which are in order."""
    starts = [i for i, (_, name) in enumerate(events) if name == definition.steps[0].value]
    chains = [slow_chain(definition, events, start) for start in starts]
    return max(chains, key=lambda chain: chain[-1], default=[])


def slow_chain(definition: Definition, events: list[tuple[float, str]], start: int) -> list[int]:
    reached, at, number = [1], start, 2
    while number <= len(definition.steps):
        required = next(n for n in range(number, len(definition.steps) + 1) if not definition.steps[n - 1].optional)
        goal = first_after(events, at, definition.steps[required - 1].value)
        for optional in range(number, required):
            place = first_after(events, at, definition.steps[optional - 1].value)
            if place is not None and (goal is None or place < goal) and allowed(definition, events, start, at, place, optional):
                reached, at = [*reached, optional], place
        if goal is None or not allowed(definition, events, start, at, goal, required):
            return reached
        reached, at, number = [*reached, required], goal, required + 1
    return reached


def first_after(events, at, name):
    return next((i for i in range(at + 1, len(events)) if events[i][1] == name), None)


def allowed(definition, events, start, at, place, number):
    barred = {e.step.value for e in definition.exclusions if e.after_step == number - 1}
    between = {name for _, name in events[at + 1 : place]}
    in_window = definition.window is None or events[place][0] - events[start][0] <= definition.window.total_seconds()
    return in_window and not barred & between


def random_definition(chance: random.Random, unit: str) -> Definition:
    length = chance.randint(2, 5)
    steps = [Step("event", chance.choice(NAMES), optional=0 < n < length - 1 and chance.random() < 0.3) for n in range(length)]
    exclusions = [Exclusion(chance.randint(1, length - 1), Step("event", chance.choice(NAMES))) for _ in range(chance.choice([0, 0, 1, 2]))]
    window = chance.choice([None, timedelta(seconds=30), timedelta(seconds=90), timedelta(days=7)])
    return Definition("Random", tuple(steps), tuple(exclusions), window, unit)


@pytest.mark.parametrize("unit", ["session", "visitor"])
@pytest.mark.parametrize("funnels", [12, pytest.param(150, marks=[pytest.mark.slow, pytest.mark.timeout(600)])])
def test_random_funnels_of_random_shoppers_are_what_a_plain_reading_of_the_rule_gives(session_of, scope, unit, funnels):
    chance = random.Random(f"{unit} {funnels}")
    shoppers = defaultdict(list)
    for number in range(36):
        visitor = f"v{number % 12}"
        at = number // 12 * 100
        seconds = sorted(chance.randint(0, 120) for _ in range(chance.randint(1, 14)))
        names = [chance.choice(NAMES) for _ in seconds]
        made = [event(name, after=s - seconds[0], seq=i) for i, (s, name) in enumerate(zip(seconds, names, strict=True))]
        session_of(*made, visitor=visitor, at=scope.start + timedelta(seconds=at + seconds[0], milliseconds=number))
        key = visitor if unit == "visitor" else number
        shoppers[key] += [(at + s + number / 1000, number, i, name) for i, (s, name) in enumerate(zip(seconds, names, strict=True))]
    # A session begins its number of milliseconds after the full second, so that no two events of a visitor share an instant.
    ways = [[(when, name) for when, _, _, name in sorted(events)] for events in shoppers.values()]

    for _ in range(funnels):
        definition = random_definition(chance, unit)
        reached = [slow_reached(definition, way) for way in ways]
        expected = [sum(number in chain for chain in reached) for number in range(1, len(definition.steps) + 1)]
        assert [s.count for s in funnel.run(scope, definition, details=False).steps] == expected, definition
