"""What a step is called in a timeline: a sign, a sentence without a subject, and what stands at the right."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from analytics import person_news
from analytics.journey import JourneySession
from analytics.journey_steps import JourneyStep
from dashboard import formats

# canonical event: sign, words with the product, words without one
WORDS = {
    "page_view": ("bi-file-earmark", "Looked at {place}", "Looked at {place}"),
    "view_item": ("bi-eye", "Viewed {product}", "Viewed a product"),
    "view_item_list": ("bi-grid", "Looked through {place}", "Looked through {place}"),
    "select_item": ("bi-hand-index", "Chose {product}", "Chose a product"),
    "search": ("bi-search", "Searched “{term}”", "Searched"),
    "add_to_cart": ("bi-bag-plus", "Added {product}", "Added a product to the cart"),
    "remove_from_cart": ("bi-bag-dash", "Took out {product}", "Took a product out of the cart"),
    "view_cart": ("bi-bag", "Opened the cart", "Opened the cart"),
    "begin_checkout": ("bi-credit-card-2-front", "Went to the checkout", "Went to the checkout"),
    "add_shipping_info": ("bi-truck", "Said where it goes", "Said where it goes"),
    "add_payment_info": ("bi-credit-card", "Chose how to pay", "Chose how to pay"),
    "purchase": ("bi-cart-check", "Bought {product}", "Bought"),
    "refund": ("bi-arrow-counterclockwise", "Sent back {product}", "Sent something back"),
    "order_cancelled": ("bi-x-circle", "Cancelled order {order}", "Cancelled an order"),
    "add_to_wishlist": ("bi-heart", "Put {product} on the list", "Put a product on the list"),
    "sign_up": ("bi-person-plus", "Registered", "Registered"),
    "login": ("bi-person-check", "Signed in", "Signed in"),
    "identify": ("bi-person-check", "Was recognised", "Was recognised"),
    "logout": ("bi-box-arrow-left", "Signed out", "Signed out"),
    "feedback": ("bi-chat-left-quote", "Feedback", "Feedback"),
    "error": ("bi-exclamation-octagon", "Saw an error", "Saw an error"),
    "view_promotion": ("bi-megaphone", "Saw an offer", "Saw an offer"),
    "select_promotion": ("bi-megaphone", "Clicked an offer", "Clicked an offer"),
    "recommendation_impression": ("bi-stars", "Was shown recommendations", "Was shown recommendations"),
    "recommendation_click": ("bi-stars", "Clicked the recommendation {product}", "Clicked a recommendation"),
}
MOVED = ("purchase", "refund")  # money that moved; other prices were only looked at
BACK = ("refund",)


@dataclass(frozen=True)
class Told:
    sign: str
    what: str
    more: str
    right: str
    is_money: bool
    quote: str


def of(step: JourneyStep, came: JourneySession | None, currency: str) -> Told:
    """How the step is told. came: the session whose first step it is, to say where they came from."""
    sign, with_name, plain = WORDS.get(step.event, ("bi-record-circle", formats.words(step.event), formats.words(step.event)))
    name = step.search_term if step.event == "search" else step.order_id if step.event == "order_cancelled" else step.product
    what = (with_name if name else plain).format(product=step.product, term=step.search_term, order=step.order_id, place=place(step))
    more = [_more(step)]
    if came and step.event in ("page_view", "view_item", "view_item_list"):
        sign, what = "bi-box-arrow-in-right", f"Came to {step.product or place(step)}"
    if came:
        more.insert(0, _from(came))
    quote = person_news.text_of(step.properties) if step.event == "feedback" else ""
    return Told(sign, what, ", ".join(part for part in more if part), _right(step, currency), step.event in MOVED, quote)


def short(step: JourneyStep) -> str:
    """The step's name in a folded list."""
    return step.product or place(step)


def place(step: JourneyStep) -> str:
    """Where it happened: the category, the kind of page, else its address."""
    if step.category and step.event == "view_item_list":
        return step.category
    if step.page_type and step.page_type not in ("other", "category"):
        return "the home page" if step.page_type == "home" else f"the {step.page_type} page"
    if step.page_type == "category" and step.page_path:
        return formats.words(step.page_path.rstrip("/").rsplit("/", 1)[-1].replace("-", " "))
    return step.page_path or step.event_name or "a page"


def _more(step: JourneyStep) -> str:
    if step.event == "feedback" and step.rating is not None:
        return f"{step.rating:g} of 5"
    if step.event == "search" and isinstance(step.properties.get("results"), int):
        return formats.counted(step.properties["results"], "result")
    if step.event in ("add_to_cart", "remove_from_cart") and step.quantity > 1:
        return f"{step.quantity} pieces"
    if step.event == "error":
        return str(step.properties.get("message") or step.event_name or "")[:120]
    return ""


def _from(session: JourneySession) -> str:
    source = urlsplit(session.source).netloc or session.source if session.source else ""
    parts = [f"from {formats.words(source)}" if source else "", f"campaign {session.campaign}" if session.campaign else ""]
    return ", ".join(part for part in parts if part)


def _right(step: JourneyStep, currency: str) -> str:
    if step.amount is None or step.event not in WORDS or step.event in ("page_view", "begin_checkout", "view_cart"):
        return ""
    amount = formats.money(step.amount, step.currency or currency, exact=True)
    return formats.MINUS + amount if step.event in BACK else amount
