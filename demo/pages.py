"""What happens at each step of a visit? Its page and the events that a shop's tracking sends there, with GA4's names."""

from dataclasses import dataclass

from demo import baskets, catalogue, stories, texts
from demo.baskets import Basket, Line
from demo.walk import STATES

SHOP = "Linden & Oak"


@dataclass(frozen=True, slots=True)
class Page:
    """Where something happens."""

    page_type: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One step, with everything that its events may tell."""

    state: int
    before: int
    product: int
    category: int
    luck: float  # 0..1, settles what the step leaves open
    offset: int  # the day, from the plan's anchor
    country: str
    payment: str
    basket: Basket


@dataclass(frozen=True, slots=True)
class Happening:
    """One event before it gets its id, its time and its visitor. `after_s` counts from the step's beginning."""

    event_type: str
    event_name: str
    page: Page
    properties: dict
    after_s: float = 0.0


def happenings(moment: Moment, *, alone: bool) -> list[Happening]:
    """The events of the step, in order; only the page view where the visitor left before anything else was sent."""
    found = _TELLERS[moment.state](moment)
    return [happening for happening in found if happening.event_type == "page_view"] if alone else found


def item(line: Line, **more) -> dict:
    """A product as GA4 writes it."""
    product = catalogue.load().products[line[0]]
    return {
        "item_id": product.product_id,
        "item_name": product.name,
        "item_category": product.category,
        "price": product.price_cents / 100,
        "quantity": line[1],
    } | more


def product_page(product: int) -> Page:
    """The page of a product."""
    found = catalogue.load().products[product]
    return Page("product", f"/p/{found.slug}", f"{found.name} – {SHOP}")


HOME = Page("home", "/", f"{SHOP} – home and living")
CART = Page("cart", "/cart", f"Your cart – {SHOP}")
CHECKOUT = Page("checkout", "/checkout", f"Checkout – {SHOP}")
PAYMENT = Page("payment", "/checkout/payment", f"Payment – {SHOP}")
CONFIRMATION = Page("confirmation", "/checkout/confirmation", f"Thank you – {SHOP}")
ACCOUNT = Page("account", "/account", f"Your account – {SHOP}")
ORDERS = Page("account", "/account/orders", f"Your orders – {SHOP}")
WISHLIST = Page("account", "/account/wishlist", f"Your wishlist – {SHOP}")
INFO = (
    Page("other", "/delivery-and-returns", f"Delivery and returns – {SHOP}"),
    Page("other", "/about", f"About us – {SHOP}"),
    Page("other", "/contact", f"Contact – {SHOP}"),
    Page("other", "/care-guide", f"Care guide – {SHOP}"),
)
RATE = Page("other", "/rate-your-order", f"How did we do? – {SHOP}")


def _view(page: Page, name: str) -> Happening:
    return Happening("page_view", name, page, {"page_type": page.page_type})


def _home(moment: Moment) -> list[Happening]:
    if moment.luck > 0.3:
        return [_view(HOME, "Home viewed")]
    promotion = {"promotion_id": "stage-1", "promotion_name": "Light for long evenings", "creative_slot": "stage"}
    return [_view(HOME, "Home viewed"), Happening("view_promotion", "Promotion viewed", HOME, promotion, 0.6)]


def _category(moment: Moment) -> list[Happening]:
    name = catalogue.load().categories[moment.category]
    page = _category_page(name)
    return [
        _view(page, "Category viewed"),
        Happening("view_item_list", "Product list viewed", page, {"item_list_id": catalogue.slug(name), "item_list_name": name}, 0.8),
    ]


def _category_page(name: str) -> Page:
    return Page("category", f"/c/{catalogue.slug(name)}", f"{name} – {SHOP}")


def _search(moment: Moment) -> list[Happening]:
    return _searched(texts.searched(moment.luck, moment.category), 4 + int(moment.luck * 19))


def _no_result(moment: Moment) -> list[Happening]:
    return _searched(texts.not_found(moment.luck, moment.offset), 0)


def _searched(term: str, results: int) -> list[Happening]:
    page = Page("search", f"/search?q={term.replace(' ', '+')}", f"Search: {term} – {SHOP}")
    return [_view(page, "Search page viewed"), Happening("search", "Searched", page, {"search_term": term, "results": results}, 0.5)]


def _product(moment: Moment) -> list[Happening]:
    page = product_page(moment.product)
    shown = item((moment.product, 1))
    value = {"currency": "EUR", "value": shown["price"], "product_id": shown["item_id"], "product_name": shown["item_name"]}
    found = [_view(page, "Product page viewed"), Happening("view_item", "Product viewed", page, value | {"items": [shown]}, 1.1)]
    if _name(moment.before) == "category":
        place = {"item_list_name": shown["item_category"], "index": int(moment.luck * 15) + 1, "product_id": shown["item_id"]}
        clicked = Happening("select_item", "Product clicked", _category_page(shown["item_category"]), place | {"items": [shown]}, -0.4)
        found.insert(0, clicked)
    return found


def _sold_out(moment: Moment) -> list[Happening]:
    page = product_page(moment.product)
    shown = item((moment.product, 1), availability="out_of_stock")
    facts = {"currency": "EUR", "value": shown["price"], "product_id": shown["item_id"], "availability": "out_of_stock", "items": [shown]}
    return [
        _view(page, "Product page viewed"),
        Happening("view_item", "Product viewed", page, facts, 1.1),
        Happening("out_of_stock", "Sold out product seen", page, {"product_id": shown["item_id"], "stock": 0}, 1.2),
    ]


def _wishlist(moment: Moment) -> list[Happening]:
    return [_of_items("add_to_wishlist", "Added to wishlist", product_page(moment.product), ((moment.product, 1),))]


def _add(moment: Moment) -> list[Happening]:
    return [_of_items("add_to_cart", "Added to cart", product_page(moment.product), (moment.basket.changed,))]


def _remove(moment: Moment) -> list[Happening]:
    return [_of_items("remove_from_cart", "Removed from cart", CART, (moment.basket.changed,))]


def _cart(moment: Moment) -> list[Happening]:
    return [_view(CART, "Cart page viewed"), _of_items("view_cart", "Cart viewed", CART, moment.basket.lines, after_s=0.7)]


def _coupon(moment: Moment) -> list[Happening]:
    if moment.basket.denied:
        return [Happening("coupon_denied", "Coupon refused", CART, {"coupon": moment.basket.denied, "reason": "expired"})]
    return [_coupon_applied(moment.basket, CART)]


def _coupon_applied(basket: Basket, page: Page) -> Happening:
    discount = baskets.discount_cents(basket.lines, basket.coupon) / 100
    return Happening("coupon_applied", "Coupon accepted", page, {"coupon": basket.coupon, "discount": discount, "currency": "EUR"}, 1.5)


def _checkout(moment: Moment) -> list[Happening]:
    basket = moment.basket
    started = _of_items("begin_checkout", "Checkout started", CHECKOUT, basket.lines, after_s=0.9, coupon=basket.coupon)
    return [_view(CHECKOUT, "Checkout page viewed"), started, *([_coupon_applied(basket, CHECKOUT)] if basket.applied else [])]


def _shipping(moment: Moment) -> list[Happening]:
    tier = "express" if moment.luck > 0.88 else "parcel locker" if moment.luck > 0.7 else "standard"
    return [_of_items("add_shipping_info", "Shipping chosen", CHECKOUT, moment.basket.lines, shipping_tier=tier)]


def _payment(moment: Moment) -> list[Happening]:
    return [_view(PAYMENT, "Payment page viewed")]


def _pay(moment: Moment) -> list[Happening]:
    return [_of_items("add_payment_info", "Payment chosen", PAYMENT, moment.basket.lines, payment_type=moment.payment)]


def _error(moment: Moment) -> list[Happening]:
    code, message = stories.PAYMENT_ERROR if moment.luck > 0.35 else ("card_declined", "The card was declined.")
    facts = {"error_code": code, "message": message, "payment_type": moment.payment}
    return [Happening("payment_error", "Payment failed", PAYMENT, facts, 2.0)]


def _purchase(moment: Moment) -> list[Happening]:
    order = moment.basket.order
    facts = {
        "transaction_id": order.order_id,
        "currency": "EUR",
        "value": order.value_cents / 100,
        "tax": baskets.tax_cents(order.value_cents, moment.country) / 100,
        "shipping": order.shipping_cents / 100,
        "discount": order.discount_cents / 100,
        "coupon": order.coupon,
        "payment_type": order.payment,
        "items": [item(line) for line in order.lines],
    }
    return [_view(CONFIRMATION, "Confirmation page viewed"), Happening("purchase", "Order placed", CONFIRMATION, facts, 0.4)]


def _feedback(moment: Moment) -> list[Happening]:
    asked = {"error": (texts.PAYMENT_FAILED, PAYMENT), "no_result": (texts.NOT_FOUND, HOME), "shipping": (texts.SHIPPING, CHECKOUT)}
    asked["sold_out"] = (texts.SOLD_OUT, product_page(moment.product))
    choices, page = asked.get(_name(moment.before), (texts.BOUGHT, CONFIRMATION))
    return [feedback(page, texts.feedback(moment.luck, choices, catalogue.load().products[moment.product].name), moment.product)]


def feedback(page: Page, answer: dict, product: int) -> Happening:
    """An answer to "How did we do?" as an event."""
    facts = answer | {"page_type": page.page_type, "product_id": catalogue.load().products[product].product_id}
    return Happening("feedback", "Feedback given", page, facts)


def _of_items(event_type: str, name: str, page: Page, lines: tuple[Line, ...], after_s: float = 0.0, **more) -> Happening:
    facts = {"currency": "EUR", "value": baskets.goods_cents(lines) / 100, "items": [item(line) for line in lines]}
    if len(lines) == 1:
        only = facts["items"][0]
        facts |= {"product_id": only["item_id"], "product_name": only["item_name"], "quantity": only["quantity"]}
    return Happening(event_type, name, page, facts | {key: value for key, value in more.items() if value}, after_s)


def _name(state: int) -> str:
    return STATES[state] if state >= 0 else ""


_TELL = {
    "home": _home,
    "category": _category,
    "search": _search,
    "no_result": _no_result,
    "product": _product,
    "sold_out": _sold_out,
    "wishlist": _wishlist,
    "wishlist_page": lambda moment: [_view(WISHLIST, "Wishlist viewed")],
    "add": _add,
    "cart": _cart,
    "coupon": _coupon,
    "remove": _remove,
    "checkout": _checkout,
    "shipping": _shipping,
    "payment": _payment,
    "pay": _pay,
    "error": _error,
    "purchase": _purchase,
    "feedback": _feedback,
    "account": lambda moment: [_view(ACCOUNT, "Account viewed")],
    "orders": lambda moment: [_view(ORDERS, "Orders viewed")],
    "info": lambda moment: [_view(INFO[int(moment.luck * len(INFO))], "Information viewed")],
}
_TELLERS = [_TELL[state] for state in STATES]
