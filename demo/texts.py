"""What do the customers type? Searches, and feedback in their own words."""

import numpy as np

from demo import stories

# What is looked for and found, by category.
TERMS = {
    "Lighting": "floor lamp|pendant light|reading lamp|table lamp|fairy lights|wall light|desk lamp|halden|paper lamp",
    "Furniture": "bedside table|oak table|armchair|bookcase|bench|side table|sideboard|dining chair|stool|desk",
    "Bedding": "linen duvet cover|pillow|bed sheet|linen bedding|fitted sheet|duvet|marlow|throw|mattress topper",
    "Kitchen & Table": "dinner plates|tumblers|serving board|cast iron pan|coffee set|napkins|bowls|teapot|bread box",
    "Decor": "vase|cushion|mirror|candle|wool throw|rug|picture frame|candle holder|wall clock",
    "Bath": "towel set|bath mat|soap dispenser|shower curtain|bathrobe|laundry basket|soap|hammam",
    "Storage": "basket|storage box|coat rack|shoe rack|storage jars|drawer organiser|rolling cart|shelf",
    "Garden & Plants": "planter|monstera|plant pot|lantern|watering can|herb garden|plant stand|olive tree",
}
# What is looked for and not sold.
MISSING_TERMS = "sofa bed|wallpaper|outdoor rug|gift card|christmas tree|bunk bed|blinds|air purifier|wardrobe|halden lamp black"

_TERMS = [terms.split("|") for terms in TERMS.values()]
_MISSING = MISSING_TERMS.split("|")

# (topic, rating) -> texts. {product} is what they looked at or bought last.
BOUGHT = [
    ("checkout", 5, "Ordering took two minutes and paying was easy."),
    ("checkout", 5, "Clear, fast, no account needed. That is how a shop should work."),
    ("website", 5, "Lovely photos, and the measurements are all there. I found {product} straight away."),
    ("checkout", 4, "Smooth checkout. I would like to choose the day of delivery, though."),
    ("website", 4, "Nice shop. The filters on the phone could be bigger."),
    ("website", 4, "Found what I was looking for. Comparing two lamps side by side would help."),
    ("price", 4, "Fair prices for this quality."),
    ("checkout", 3, "It worked in the end, but I had to type my address twice."),
    ("price", 3, "Beautiful things, but shipping is not cheap for a small order."),
    ("checkout", 2, "My voucher was only accepted at the third attempt."),
]
PAYMENT_FAILED = [
    ("payment", 1, "The window of my bank does not open on my iPhone. I tried three times and gave up."),
    ("payment", 1, "Payment fails every time. My card works everywhere else."),
    ("payment", 2, "After I confirmed in my banking app, your page said the payment had failed. Was I charged?"),
    ("payment", 1, "I wanted to buy {product} but cannot pay. Very annoying."),
    ("payment", 2, "Error after error when paying. I will try from the computer."),
]
NOT_FOUND = [
    ("search", 2, "I was looking for blackout curtains. You have everything else for the bedroom, why not these?"),
    ("search", 3, "The search only finds things if you spell them exactly."),
    ("search", 2, "No gift cards? I wanted to give one to my sister."),
    ("search", 3, "A search for several words should show something similar at least."),
]
SOLD_OUT = [
    ("stock", 2, "{product} has been sold out for days. Please tell me when it is back."),
    ("stock", 3, "I would have bought {product} today. A reminder by e-mail would be useful."),
    ("stock", 2, "Why do you show {product} on the list when nobody can buy it?"),
]
SHIPPING = [
    ("shipping", 2, "Shipping costs appear only at the end. I did not expect that."),
    ("shipping", 3, "No delivery to a parcel locker? I am never at home during the day."),
    ("shipping", 2, "9.95 euros for shipping a pillowcase is too much."),
]
DELIVERED = [
    ("quality", 5, "{product} is even nicer than in the photos. Very well made."),
    ("quality", 5, "We love our {product}. The material feels great."),
    ("delivery", 5, "Arrived after two days, carefully packed. Thank you."),
    ("quality", 5, "Second time I order here and again very happy with {product}."),
    ("delivery", 4, "{product} is beautiful. Delivery took a day longer than announced."),
    ("quality", 4, "Good quality. The colour of {product} is a little darker than on my screen."),
    ("packaging", 4, "Everything fine, only a lot of cardboard for such a small parcel."),
    ("delivery", 3, "The parcel was left with a neighbour without a note, I had to look for it."),
    ("quality", 3, "{product} is all right, but I expected more for the price."),
    ("delivery", 2, "Delivered a week late, and nobody answered my e-mail."),
    ("quality", 2, "There was a scratch on {product}. The exchange was friendly, but it took time."),
    ("service", 5, "I had a question about {product} and got an answer within the hour."),
    ("delivery", 1, "One of two parcels is still missing after ten days."),
]
DELIVERED_CHANCE = np.array([5, 5, 5, 4, 4, 4, 3, 2, 2, 1.2, 1.2, 2.5, 0.6])
RETURNED = [
    ("quality", 1, "{product} shrank by a hand's width in the first wash. It goes back."),
    ("quality", 2, "The linen of {product} is much thinner than the one I bought last year."),
    ("quality", 1, "The seam of {product} came undone after one night. Disappointing at this price."),
    ("size", 2, "{product} does not fit: it is smaller than the size on the label."),
]
RETURNED_NORMALLY = [
    ("size", 3, "{product} is nice but too large for our room, so I sent it back."),
    ("quality", 2, "The colour of {product} is not what I saw on the screen."),
    ("service", 4, "Sending {product} back was easy and the money came quickly."),
]


def searched(luck: float, category: int) -> str:
    """A search that finds something in the category; `luck` is 0..1."""
    terms = _TERMS[category]
    return terms[int(luck * luck * len(terms))]  # squared: the first terms are asked most


def not_found(luck: float, offset: int) -> str:
    """A search without results on the day `offset`."""
    if luck < (story := stories.missing_term_chance(offset)):
        return stories.MISSING_TERM
    return _MISSING[int((luck - story) / (1 - story) * len(_MISSING))]


def feedback(luck: float, texts: list, product: str) -> dict:
    """Topic, rating (1..5) and text of one answer."""
    topic, rating, text = texts[int(luck * len(texts))]
    return {"topic": topic, "rating": rating, "text": text.replace("{product}", product)}


def after_delivery(rng: np.random.Generator, product: str) -> dict:
    """What somebody says about something they kept."""
    number = rng.choice(len(DELIVERED), p=DELIVERED_CHANCE / DELIVERED_CHANCE.sum())
    return feedback((number + 0.5) / len(DELIVERED), DELIVERED, product)
