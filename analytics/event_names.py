"""What an event is called here, whatever its sender calls it: GA4's names, and ours for what GA4 has no name for."""

import re
from collections.abc import Mapping

GA4 = [
    "page_view",
    "view_item_list",
    "select_item",
    "view_item",
    "search",
    "add_to_cart",
    "remove_from_cart",
    "view_cart",
    "begin_checkout",
    "add_shipping_info",
    "add_payment_info",
    "purchase",
    "refund",
    "add_to_wishlist",
    "sign_up",
    "login",
    "view_promotion",
    "select_promotion",
]
OURS = ["feedback", "recommendation_impression", "recommendation_click", "identify", "alias", "group", "error", "order_cancelled", "logout"]
CANONICAL = frozenset(GA4 + OURS)

# One line a name: what senders write for it, in the form of `_normal`. Segment's e-commerce names stand first.
_SPELLINGS = {
    "page_view": "page pageview page_viewed viewed_page screen screen_view screen_viewed visit page_visit view_page",
    "view_item_list": (
        "product_list_viewed category_viewed product_list_view category_view catalog catalog_view view_category list_view browse_category"
    ),
    "select_item": "product_clicked product_click item_clicked item_click select_product",
    "view_item": (
        "product_viewed product_view viewed_product view_product product_detail product_details product_page "
        "item_view item_viewed viewcontent view_content detail_view"
    ),
    "search": ("products_searched product_searched search_performed searched site_search view_search_results search_query"),
    "add_to_cart": (
        "product_added added_to_cart addtocart add_cart cart_add cart_added add_to_basket added_to_basket add_to_bag item_added"
    ),
    "remove_from_cart": ("product_removed removed_from_cart removefromcart cart_remove cart_removed remove_from_basket remove_cart"),
    "view_cart": "cart_viewed cart_view viewed_cart cart view_basket basket_viewed basket",
    "begin_checkout": (
        "checkout_started checkout_start checkout start_checkout checkout_begin initiate_checkout initiatecheckout checkout_step_viewed"
    ),
    "add_shipping_info": "shipping_info_entered shipping_details shipping_info shipping_added add_shipping shipping",
    "add_payment_info": (
        "payment_info_entered payment_details payment_info payment_added add_payment addpaymentinfo payment payment_started"
    ),
    "purchase": (
        "order_completed order_complete purchase_completed purchased payment_done payment_completed "
        "payment_success checkout_completed transaction buy bought order order_placed placed_order"
    ),
    "refund": "order_refunded refunded order_refund refund_issued product_returned return_completed",
    "order_cancelled": "order_canceled order_cancel cancel_order order_cancellation cancelled_order",
    "add_to_wishlist": "product_added_to_wishlist wishlist_add addtowishlist add_wishlist wishlist_added",
    "sign_up": (
        "signed_up signup registered register registration account_created complete_registration completeregistration user_registered"
    ),
    "login": "signed_in log_in logged_in sign_in signin user_login",
    "logout": "signed_out log_out logged_out sign_out signout user_logout",
    "view_promotion": "promotion_viewed promotion_view promo_view promo_viewed promo_page promo_impression banner_view",
    "select_promotion": "promotion_clicked promotion_click promo_click promo_clicked banner_click",
    "feedback": ("feedback_submitted product_reviewed review review_submitted rating rated rate_product survey_submitted"),
    "recommendation_impression": "recommendation_viewed recommendations_viewed recommendation_view recommendation_shown",
    "recommendation_click": "recommendation_clicked recommended_product_clicked",
    "identify": "identified",
    "error": (
        "error_page payment_error page_error checkout_error checkout_bug javascript_error js_error exception "
        "error_occurred error_shown payment_failed"
    ),
}
ALIASES = {name: name for name in CANONICAL}
ALIASES |= {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings.split()}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GAP = re.compile(r"[^0-9a-z]+")


def canonical(name: str, aliases: Mapping[str, str] | None = None) -> str:
    """The canonical name of an event that somebody calls `name`; the shop's own `aliases` come first; an unknown name stays as it is."""
    if aliases and name in aliases:
        return aliases[name]
    return ALIASES.get(_normal(name), name)


def is_known(name: str) -> bool:
    """Whether `name` is canonical or has a canonical name."""
    return _normal(name) in ALIASES


def label(name: str) -> str:
    """The canonical name for a metric's label, "other" for what is not ours: open tracking must not fill Prometheus with names."""
    found = canonical(name)
    return found if found in CANONICAL else "other"


def _normal(name: str) -> str:
    """`AddToCart`, `Add to cart` and `add-to-cart` are one name."""
    return _GAP.sub("_", _HUMP.sub("_", name.strip()).lower()).strip("_")
