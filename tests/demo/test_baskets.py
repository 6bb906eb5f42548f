"""The demo shop's sums, worked by hand."""

from datetime import date

from demo import baskets, catalogue
from demo.technology import NEWSLETTER
from demo.visiting import LIGHT_EVENINGS

LAMP = catalogue.load().index("Halden Floor Lamp")  # 189.00
PILLOWCASE = catalogue.load().index("Washed Linen Pillowcase")  # 29.00


def test_goods_are_price_times_quantity():
    assert baskets.goods_cents(((LAMP, 1), (PILLOWCASE, 2))) == 24_700


def test_the_letter_about_lamps_takes_fifteen_percent_off_lamps_only():
    assert baskets.discount_cents(((LAMP, 1), (PILLOWCASE, 2)), "LIGHTS15") == 2_835


def test_other_coupons_take_off_everything_and_no_coupon_nothing():
    lines = ((LAMP, 1), (PILLOWCASE, 2))
    assert [baskets.discount_cents(lines, coupon) for coupon in ("WELCOME10", "LETTER5", "FRIDAY20", "")] == [2_470, 1_235, 4_940, 0]


def test_tax_is_contained_in_the_price():
    assert baskets.tax_cents(11_900, "DE") == 1_900
    assert baskets.tax_cents(10_800, "CH") == 800


def test_shipping_is_free_from_99_euros():
    assert [baskets.shipping_cents(value, "DE") for value in (9_899, 9_900)] == [495, 0]
    assert baskets.shipping_cents(5_000, "AT") == 995


def test_who_has_which_coupon():
    ordinary, sale = date(2026, 6, 1), date(2026, 11, 27)
    assert baskets.offered_coupon(ordinary, 0, joins=False) == ""
    assert baskets.offered_coupon(ordinary, 0, joins=True) == "WELCOME10"
    assert baskets.offered_coupon(ordinary, NEWSLETTER, joins=False) == "LETTER5"
    assert baskets.offered_coupon(ordinary, LIGHT_EVENINGS, joins=True) == "LIGHTS15"
    assert baskets.offered_coupon(sale, 0, joins=False) == "FRIDAY20"
