"""The visits as the events a shop would send: with ids, times, browsers and who was signed in."""

from dataclasses import dataclass

import msgspec
import numpy as np

from actions.event_schema import Event
from demo import baskets, names, pages, people
from demo.baskets import Basket, Order
from demo.pages import Happening, Moment
from demo.plan import Plan
from demo.technology import AGENTS, ALL_WAYS, BOTS
from demo.visiting import BOT, Visits
from demo.walk import STATE, Steps

ADDRESS = "https://www.linden-oak.example"
TIME_ZONES = [entry[1] for entry in names.COUNTRIES.values()]
NO_BASKET = Basket(())


@dataclass(frozen=True)
class Sender:
    """What all events of one visit share."""

    visitor_id: str
    session_id: str
    user_id: str  # of the person behind it, '' for a stranger
    email: str
    name: str
    country: str
    time_zone: str
    user_agent: str
    is_bot: bool
    joins: bool
    remembered: bool
    referrer: str
    utm: str  # what the landing page's address carries


def senders(plan: Plan, visits: Visits) -> list[Sender]:
    """Who sends the events of each visit."""
    return [_sender(people.load(plan), visits, n) for n in range(len(visits))]


def events(
    plan: Plan, offset: int, visits: Visits, steps: Steps, carts: dict[int, Basket], who: list[Sender], rng: np.random.Generator
) -> list[Event]:
    """All events of the visits, in the order of the steps; ids are drawn from `rng`, so the same plan gives the same ids."""
    told = _Telling(plan, offset, visits, who, carts)
    columns = (steps.visit, steps.state, steps.before, steps.product, steps.category, steps.at_s, steps.alone, rng.random(len(steps)))
    for number, row in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        told.step(number, row)
    return with_ids(told.events, rng)


def orders(carts: dict[int, Basket]) -> list[Order]:
    """The orders among the baskets."""
    return [basket.order for basket in carts.values() if basket.order]


def with_ids(found: list[Event], rng: np.random.Generator) -> list[Event]:
    """The events with an id each (a UUID of version 8: bits of our own choice)."""
    raw = np.frombuffer(rng.bytes(16 * len(found)), dtype=np.uint8).reshape(-1, 16).copy()
    raw[:, 6] = raw[:, 6] & 0x0F | 0x80
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    packed = raw.tobytes()
    for number, event in enumerate(found):
        event.event_id = packed[16 * number : 16 * number + 16]
    return found


def event(who: Sender, happening: Happening, at_s: float, *, seq: int, signed_in: bool, landing: bool = False, referrer: str = "") -> Event:
    """One event as it goes into the log, its id still to come."""
    return Event(
        event_id=b"",
        event_type=happening.event_type,
        event_name=happening.event_name,
        visitor_id=who.visitor_id,
        session_id="" if happening.event_type == "identify" else who.session_id,  # who somebody is belongs to no visit
        user_id=who.user_id if signed_in else "",
        seq=seq,
        timestamp=int((at_s + happening.after_s) * 1000),
        page_url=ADDRESS + happening.page.path + (who.utm if landing else ""),
        page_title=happening.page.title,
        referrer=who.referrer if landing else referrer,
        properties=_encode(happening.properties).decode(),
        page_type=happening.page.page_type,
        country=who.country,
        user_agent=who.user_agent,
        time_zone=who.time_zone,
    )


_encode = msgspec.json.Encoder().encode


class _Telling:
    """Goes through the steps and keeps, for the visit it is in, who is signed in and which page was before."""

    def __init__(self, plan: Plan, offset: int, visits: Visits, who: list[Sender], carts: dict[int, Basket]):
        self.offset, self.visits, self.who, self.carts = offset, visits, who, carts
        self.events: list[Event] = []
        self.visit, self.seq, self.signed_in, self.referrer = -1, 0, False, ""
        self.payment = ""

    def step(self, number: int, row: tuple) -> None:
        """Tell one row of the steps' columns: visit, state, before, product, category, at_s, alone, luck."""
        visit, state, before, product, category, at_s, alone, luck = row
        who = self.who[visit]
        is_landing = visit != self.visit
        if is_landing:
            self._begin(visit, who)
        moment = Moment(state, before, product, category, luck, self.offset, who.country, self.payment, self.carts.get(number, NO_BASKET))
        happenings = pages.happenings(moment, alone=alone or who.is_bot)
        self._send(who, happenings[0], at_s, landing=is_landing)
        # Somebody registers or signs in on the page shown, before what follows on it.
        for happening in [*self._signing_in(who, state, happenings[0], luck, is_welcome=is_landing and not alone), *happenings[1:]]:
            self._send(who, happening, at_s, landing=is_landing)

    def _begin(self, visit: int, who: Sender) -> None:
        self.visit, self.seq, self.referrer = visit, 0, ""
        self.signed_in = who.remembered
        self.payment = baskets.payment_of(self.visits, visit)

    def _signing_in(self, who: Sender, state: int, shown: Happening, luck: float, *, is_welcome: bool) -> list[Happening]:
        """What tells the shop who it is: identify at the start of a remembered visit, else sign_up or login where it is asked for."""
        if who.remembered:
            return [_identify(who, shown)] if is_welcome else []
        if not who.user_id or self.signed_in or state not in _ASKS_WHO or not (who.joins or luck < 0.8):
            return []
        self.signed_in = True
        name, label = ("sign_up", "Account created") if who.joins else ("login", "Signed in")
        return [Happening(name, label, shown.page, {"method": "email"}, 0.7), _identify(who, shown)]

    def _send(self, who: Sender, happening: Happening, at_s: float, *, landing: bool) -> None:
        found = event(who, happening, at_s, seq=self.seq, signed_in=self.signed_in, landing=landing, referrer=self.referrer)
        self.events.append(found)
        self.seq += 1
        self.referrer = found.page_url


_ASKS_WHO = (STATE["checkout"], STATE["account"])


def _identify(who: Sender, shown: Happening) -> Happening:
    return Happening("identify", "", shown.page, {"name": who.name, "email": who.email, "country": who.country}, 0.8)


def _sender(everybody: people.People, visits: Visits, n: int) -> Sender:
    person, is_bot, way = int(visits.person[n]), visits.kind[n] == BOT, ALL_WAYS[visits.way[n]]
    is_known = person >= 0
    country = int(visits.country[n])
    return Sender(
        visitor_id=visits.visitor[n],
        session_id=visits.session[n],
        user_id=str(everybody.user_id[person]) if is_known else "",
        email=str(everybody.email[person]) if is_known else "",
        name=str(everybody.name[person]) if is_known else "",
        country=people.COUNTRIES[country],
        time_zone=TIME_ZONES[country],
        user_agent=BOTS[visits.agent[n]] if is_bot else AGENTS[visits.agent[n]].user_agent,
        is_bot=bool(is_bot),
        joins=bool(visits.joins[n]),
        remembered=bool(is_known and everybody.remembered[person] and not visits.joins[n]),
        referrer="" if is_bot else way.referrer,
        utm="?utm_source={}&utm_medium={}&utm_campaign={}".format(*way.utm) if way.utm and not is_bot else "",
    )
