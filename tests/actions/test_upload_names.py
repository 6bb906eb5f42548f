"""What event names of files mean."""

import pytest

from actions import upload_names
from actions.upload_mapping import EventName
from actions.upload_names import NameFound


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("product_view", ("view_item", "product", "known")),
        ("Product Added", ("add_to_cart", "product", "known")),
        ("home", ("page_view", "home", "guess")),
        ("HomePage", ("page_view", "home", "guess")),
        ("filter_results", ("filter_results", "category", "kept")),
        ("account_page", ("page_view", "account", "guess")),
        ("compare", ("compare", "", "kept")),
        ("order_confirmation", ("purchase", "confirmation", "guess")),
        ("shopping_basket_open", ("view_cart", "cart", "guess")),
    ],
)
def test_a_name_is_known_guessed_or_kept(name, read):
    assert upload_names.guess(name) == read


def test_what_was_chosen_counts():
    assert upload_names.found("compare", 3, EventName("view_item_list")) == NameFound("compare", 3, "view_item_list", "category", "chosen")
    assert upload_names.found("compare", 3, EventName("compare")) == NameFound("compare", 3, "compare", "", "kept")
