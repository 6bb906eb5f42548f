"""What a column of a file can be, by the kind of file, and by which headings it is recognised."""

from dataclasses import dataclass

KINDS = {"profiles": "Customers", "events": "Events", "orders": "Order lines"}
KEEP, IGNORE = "keep", "ignore"


@dataclass(frozen=True)
class Role:
    """One thing a column can be. `headings` are compared in lower case, without signs and spaces, the best first."""

    label: str
    headings: tuple[str, ...] = ()
    needs: str = ""  # time, number, email: what most values must be


def _role(label: str, headings: str = "", needs: str = "") -> Role:
    return Role(label, tuple(headings.split()), needs)


_TIME = _role(
    "Time",
    "timestamp time datetime eventtime eventtimestamp eventdate invoicedate orderdate ordertime orderedat purchasedate purchasetime"
    " createdat created occurredat happenedat servertime receivedat date ts when",
    "time",
)
_PERSON = _role(
    "Person", "userid customerid buyerid shopperid memberid personid accountid customer user buyer uid customernumber customerno clientid"
)
_COUNTRY = _role("Country", "country countrycode geocountry shippingcountry billingcountry")
_REGION = _role("Region", "region state province city")
_PRODUCT = _role("Product", "productid sku stockcode itemid productcode articleno articleid asin product item article")
_PRODUCT_NAME = _role("Product name", "productname description itemname producttitle articlename")
_CATEGORY = _role("Category", "category categorycode productcategory itemcategory department")
_PRICE = _role("Price", "price unitprice itemprice productprice priceperunit", "number")
_QUANTITY = _role("Quantity", "quantity qty units count pieces", "number")
_ORDER = _role(
    "Order",
    "orderid invoiceno invoicenumber invoiceid transactionid ordernumber orderno receiptno billno invoice order transaction basketid",
)
_CURRENCY = _role("Currency", "currency currencycode")

ROLES: dict[str, dict[str, Role]] = {
    "events": {
        "time": _TIME,
        "event": _role("Event", "event eventtype eventname action activity interaction type"),
        "person": _PERSON,
        "visitor": _role("Visitor", "visitorid anonymousid userpseudoid fullvisitorid browserid cookieid deviceid visitor"),
        "session": _role("Session", "sessionid usersession visitid session visit"),
        "event_id": _role("Event id", "eventid messageid"),
        "page": _role("Page", "pageurl url pagelocation pagepath page path location uri"),
        "title": _role("Page title", "pagetitle title"),
        "page_type": _role("Page type", "pagetype"),
        "referrer": _role("Referrer", "referrer referer pagereferrer"),
        "product": _PRODUCT,
        "name": _PRODUCT_NAME,
        "category": _CATEGORY,
        "price": _PRICE,
        "quantity": _QUANTITY,
        "value": _role("Amount", "revenue purchaserevenue ordertotal ordervalue value total amount sales", "number"),
        "currency": _CURRENCY,
        "order": _ORDER,
        "search": _role("Search term", "searchterm searchquery query keyword keywords"),
        "rating": _role("Rating", "rating stars", "number"),
        "device": _role("Device", "devicetype devicecategory device platform"),
        "browser": _role("Browser", "browser browsername"),
        "os": _role("System", "os operatingsystem"),
        "country": _COUNTRY,
        "region": _REGION,
        "channel": _role("Channel", "channel acquisitionchannel marketingchannel trafficchannel channelgrouping trafficsource"),
        "source": _role("Source", "utmsource source"),
        "medium": _role("Medium", "utmmedium medium"),
        "campaign": _role("Campaign", "utmcampaign campaign campaignname"),
    },
    "orders": {
        "order": _ORDER,
        "time": _TIME,
        "product": _PRODUCT,
        "name": _role("Product name", "productname description itemname producttitle articlename title"),
        "quantity": _QUANTITY,
        "price": _role("Price", "unitprice price itemprice productprice priceperunit amount", "number"),
        "person": _PERSON,
        "country": _COUNTRY,
        "region": _REGION,
        "category": _CATEGORY,
        "discount": _role("Discount", "discount discountamount", "number"),
        "tax": _role("Tax", "tax taxamount vat", "number"),
        "payment": _role("Payment", "paymentmethod paymenttype payment"),
        "currency": _CURRENCY,
    },
    "profiles": {
        "person": _role("Person", "userid customerid memberid personid accountid uid user customer"),
        "full_name": _role("Name", "name fullname customername username displayname"),
        "email": _role("Email", "email emailaddress mail", "email"),
    },
}
# Each group needs one of its roles.
REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "events": (("time",), ("event", "page"), ("person", "visitor")),
    "orders": (("order",), ("time",), ("price",)),
    "profiles": (("person",),),
}
NUMBERS = ("price", "quantity", "value", "rating", "discount", "tax")


def label(kind: str, role: str) -> str:
    """The role's name on screen."""
    return {KEEP: "Keep as property", IGNORE: "Ignore"}.get(role) or ROLES[kind][role].label


def choices(kind: str) -> dict[str, str]:
    """Every role a column of this kind of file can have, with its name on screen. Order lines have no properties to keep."""
    named = {role: spec.label for role, spec in ROLES[kind].items()}
    return named | ({} if kind == "orders" else {KEEP: label(kind, KEEP)}) | {IGNORE: label(kind, IGNORE)}
