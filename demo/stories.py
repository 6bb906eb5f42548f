"""What can a manager find out about the demo shop? The planted stories; docs/demo.md tells them from the manager's side.

Days are offsets from the plan's anchor, first and last included."""

from datetime import date, timedelta

import numpy as np

from demo import catalogue
from demo.plan import Plan
from demo.technology import IPHONE_SAFARI

# 1. A weekend on which the bank's confirmation did not open on iPhones.
PAYMENT_FAILURE = 0.86
PAYMENT_ERROR = ("3ds_challenge_failed", "The bank's confirmation window could not be opened.")

# 2. A letter that brought buyers of lamps, and a clip campaign that brought people who only looked.
LIGHT_EVENINGS = range(-40, -30)
CLIP_CAMPAIGN = range(-26, -18)
LIGHTS_COUPON = "LIGHTS15"

# 3. A duvet cover whose returns rise since its maker changed.
RETURNED_PRODUCT = "Marlow Linen Duvet Cover"
RETURNS_RISE = -48
RETURN_CHANCE, RISEN_RETURN_CHANCE = 0.05, 0.55

# 4. A bedside table that was sold out for twelve days.
SOLD_OUT_PRODUCT = "Alder Oak Bedside Table"
SOLD_OUT = range(-15, -3)

# 5. Something many look for and the shop does not sell; it is asked for more and more.
MISSING_TERM = "blackout curtains"


def error_weekend(plan: Plan) -> tuple[date, date, date]:
    """Friday to Sunday of the failing payments: the last weekend that ended at least twelve days before the anchor."""
    sunday = plan.anchor - timedelta(days=12)
    sunday -= timedelta(days=(sunday.weekday() + 1) % 7)
    return sunday - timedelta(days=2), sunday - timedelta(days=1), sunday


def payment_fails(plan: Plan, day: date, agents: np.ndarray) -> np.ndarray:
    """The chance, by visit, that the payment fails because of the story; 0 outside the weekend."""
    return np.where(agents == IPHONE_SAFARI, PAYMENT_FAILURE, 0.0) if day in error_weekend(plan) else np.zeros(len(agents))


def return_chance(product: catalogue.Product, offset: int) -> float:
    """How likely a sold piece comes back, by the day it was ordered."""
    if product.name == RETURNED_PRODUCT:
        return RISEN_RETURN_CHANCE if offset >= RETURNS_RISE else RETURN_CHANCE
    return {"Bedding": 0.08, "Furniture": 0.09, "Lighting": 0.06}.get(product.category, 0.04)


def missing_term_chance(offset: int) -> float:
    """The share of the fruitless searches that ask for the missing thing."""
    return min(0.55, max(0.10, 0.55 + offset * 0.006))
