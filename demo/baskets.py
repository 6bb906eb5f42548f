"""What lies in the cart, what does it cost, and what is ordered? Money is whole cents."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from demo import catalogue, stories
from demo.plan import black_friday
from demo.technology import NEWSLETTER
from demo.visiting import LIGHT_EVENINGS, Visits
from demo.walk import STATE, Steps

TAX = {"DE": 19, "AT": 20, "CH": 8, "NL": 21, "FR": 20, "GB": 20, "DK": 25}  # percent, contained in the prices
FREE_SHIPPING_CENTS = 9_900
PAYMENTS = ("paypal", "card", "invoice", "direct_debit", "apple_pay")
PAYMENT_SHARES = (0.36, 0.63, 0.87, 0.95, 1.0)  # cumulated

Line = tuple[int, int]  # product, quantity


@dataclass(frozen=True)
class Order:
    """What somebody bought. `goods_cents` is the sum of price × quantity before the discount."""

    order_id: str
    visit: int
    at_s: float
    lines: tuple[Line, ...]
    goods_cents: int
    discount_cents: int
    coupon: str
    shipping_cents: int
    payment: str

    @property
    def value_cents(self) -> int:
        """What is paid for the goods; shipping comes on top."""
        return self.goods_cents - self.discount_cents


@dataclass(frozen=True)
class Basket:
    """The cart as it is at one step."""

    lines: tuple[Line, ...]
    changed: Line | None = None  # what this step put in or took out
    coupon: str = ""
    applied: bool = False  # the coupon was accepted at this step
    denied: str = ""  # a coupon that was refused at this step
    order: Order | None = None


def goods_cents(lines: tuple[Line, ...]) -> int:
    """The sum of price × quantity."""
    products = catalogue.load().products
    return sum(products[product].price_cents * quantity for product, quantity in lines)


def discount_cents(lines: tuple[Line, ...], coupon: str) -> int:
    """What the coupon takes off: LIGHTS15 from the lamps only, the others from everything."""
    products = catalogue.load().products
    if coupon == stories.LIGHTS_COUPON:
        lines = tuple(line for line in lines if products[line[0]].category == "Lighting")
    percent = {"WELCOME10": 10, "FRIDAY20": 20, "LETTER5": 5, stories.LIGHTS_COUPON: 15}.get(coupon, 0)
    return goods_cents(lines) * percent // 100


def tax_cents(value_cents: int, country: str) -> int:
    """The tax that `value_cents` contains."""
    percent = TAX[country]
    return round(value_cents * percent / (100 + percent))


def shipping_cents(value_cents: int, country: str) -> int:
    """Free from 99 euros on, else 4.95 within Germany and 9.95 elsewhere."""
    if value_cents >= FREE_SHIPPING_CENTS:
        return 0
    return 495 if country == "DE" else 995


def offered_coupon(day: date, way: int, *, joins: bool) -> str:
    """The coupon that somebody who comes by `way` has at hand on `day`, or ''."""
    if way == LIGHT_EVENINGS:
        return stories.LIGHTS_COUPON
    if 0 <= (day - black_friday(day.year)).days <= 3:
        return "FRIDAY20"
    if joins:
        return "WELCOME10"
    return "LETTER5" if way == NEWSLETTER else ""


def replay(steps: Steps, visits: Visits, luck: list[float], *, countries: list[str], coupons: list[str], prefix: str) -> dict[int, Basket]:
    """The basket at each step that has one, by the step's number; orders are numbered `prefix`0001 and so on."""
    shopping = _Shopping(visits, luck, countries, coupons, prefix)
    for number in np.flatnonzero(np.isin(steps.state, _SHOPPING)).tolist():
        shopping.step(number, int(steps.visit[number]), int(steps.state[number]), int(steps.product[number]), float(steps.at_s[number]))
    return shopping.baskets


_SHOPPING = [STATE[name] for name in "add cart coupon remove checkout shipping payment pay error purchase".split()]


class _Shopping:
    """The carts of all visits while their steps are replayed. A class, because five things change together at each step."""

    def __init__(self, visits: Visits, luck: list[float], countries: list[str], coupons: list[str], prefix: str):
        self.visits, self.luck, self.countries, self.offered, self.prefix = visits, luck, countries, coupons, prefix
        self.carts: dict[int, tuple[Line, ...]] = {}  # what was put in, one entry each time
        self.coupons: dict[int, str] = {}
        self.baskets: dict[int, Basket] = {}
        self.orders = 0

    def step(self, number: int, visit: int, state: int, product: int, at_s: float) -> None:
        added, coupon = self.carts.get(visit, ()), self.coupons.get(visit, "")
        luck = self.luck[number]
        changed, denied, order, had = None, "", None, coupon
        if state == STATE["add"]:
            changed = (product, _quantity(product, luck))
            added = (*added, changed)
        elif state == STATE["remove"]:
            changed, added = added[-1], added[:-1]
        elif state == STATE["coupon"]:
            coupon, denied = (self.offered[visit], "") if self.offered[visit] and not coupon else (coupon, "SUMMER25")
        elif state == STATE["checkout"]:
            coupon = coupon or self.offered[visit]
        elif state == STATE["purchase"]:
            order = self._order(visit, _lines(added), coupon, at_s)
        self.baskets[number] = Basket(_lines(added), changed, coupon, coupon != had, denied, order)
        self.carts[visit], self.coupons[visit] = ((), "") if order else (added, coupon)

    def _order(self, visit: int, lines: tuple[Line, ...], coupon: str, at_s: float) -> Order:
        self.orders += 1
        goods, discount = goods_cents(lines), discount_cents(lines, coupon)
        return Order(
            order_id=f"{self.prefix}{self.orders:04d}",
            visit=visit,
            at_s=at_s,
            lines=lines,
            goods_cents=goods,
            discount_cents=discount,
            coupon=coupon,
            shipping_cents=shipping_cents(goods - discount, self.countries[visit]),
            payment=payment_of(self.visits, visit),
        )


def payment_of(visits: Visits, visit: int) -> str:
    """How this browser pays: the same every time, Apple Pay on Apple's devices only."""
    luck = int.from_bytes(visits.visitor[visit].encode()[-3:]) % 1000 / 1000
    payment = next(name for name, limit in zip(PAYMENTS, PAYMENT_SHARES, strict=True) if luck < limit)
    return "card" if payment == "apple_pay" and visits.agent[visit] not in (0, 3, 7) else payment


def _quantity(product: int, luck: float) -> int:
    """Mostly one; cheap things are bought in twos and fours."""
    cents = catalogue.load().products[product].price_cents
    if cents > 15_000 or luck < 0.72:
        return 1
    return 4 if luck > 0.97 else 2


def _lines(added: tuple[Line, ...]) -> tuple[Line, ...]:
    """What was put in, each product once."""
    pieces: dict[int, int] = {}
    for product, quantity in added:
        pieces[product] = pieces.get(product, 0) + quantity
    return tuple(pieces.items())
