"""The demo shop's assortment."""

from collections import Counter

from demo import catalogue


def test_a_hundred_and_twenty_products_in_eight_categories():
    products = catalogue.load().products
    assert set(Counter(product.category for product in products).values()) == {15}
    assert len({product.product_id for product in products}) == len({product.slug for product in products}) == 120


def test_a_visit_to_a_category_opens_only_its_products():
    chance, category_of = catalogue.load().chance, catalogue.load().category_of
    assert all(set(category_of[row > 0]) == {number} for number, row in enumerate(chance))
    assert abs(chance.sum(axis=1) - 1).max() < 1e-12


def test_names_become_addresses():
    assert catalogue.slug("Stoneware Dinner Plate, Set of 4") == "stoneware-dinner-plate-set-of-4"
    assert catalogue.slug("Kitchen & Table") == "kitchen-table"
