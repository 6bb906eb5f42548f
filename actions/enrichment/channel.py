"""How a visit came: from the campaign in its address, else from the page before."""

from typing import NamedTuple
from urllib.parse import parse_qsl

from actions.enrichment.memo import Memo


class Campaign(NamedTuple):
    """Where a visit came from; all "" where nothing is known."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    channel: str = ""


SEARCH = ("google.", "bing.", "duckduckgo.", "yahoo.", "ecosia.", "baidu.", "yandex.", "qwant.", "startpage.", "search.brave.", "kagi.")
SOCIAL = (
    "facebook.",
    "fb.",
    "instagram.",
    "tiktok.",
    "twitter.",
    "t.co",
    "x.com",
    "linkedin.",
    "lnkd.in",
    "pinterest.",
    "reddit.",
    "youtube.",
    "youtu.be",
    "snapchat.",
    "threads.",
    "whatsapp.",
    "wa.me",
    "telegram.",
    "t.me",
    "vk.com",
)
MAIL = ("mail.", "outlook.", "webmail.", "gmail")
# What an advertiser's click id in the address says when nothing else does.
CLICK_IDS = {"gclid": ("google", "cpc"), "msclkid": ("bing", "cpc"), "fbclid": ("facebook", "social"), "ttclid": ("tiktok", "paid social")}
PAID = ("cpc", "ppc", "paid", "paidsearch", "paid search", "sem", "cpm")
CHANNELS = {
    "email": "email",
    "e mail": "email",
    "newsletter": "email",
    "mail": "email",
    "affiliate": "affiliate",
    "affiliates": "affiliate",
    "display": "display",
    "banner": "display",
    "video": "video",
    "sms": "sms",
    "push": "push",
    "social": "social",
    "social media": "social",
    "organic social": "social",
    "paid social": "paid social",
    "paidsocial": "paid social",
    "organic": "organic search",
    "organic search": "organic search",
    "seo": "organic search",
    "referral": "referral",
    "direct": "direct",
    "none": "direct",
}


def of(url: str, referrer: str, given: tuple[str, str, str] = ("", "", "")) -> Campaign:
    """The Campaign of an event at `url` that came from `referrer`; `given` is (source, medium, campaign) where the sender said so."""
    query = url.partition("?")[2].partition("#")[0] if "?" in url else ""
    return _campaigns[query if _is_tagged(query) else "", host(referrer), host(url), given]


def named(channel: str) -> str:
    """Our name of a channel somebody else named: `Paid_Search` is paid search."""
    word = " ".join(channel.lower().replace("_", " ").replace("-", " ").split())
    return "paid search" if word in PAID else CHANNELS.get(word, word)


def host(url: str) -> str:
    """The host of an address in lower case without www; "" where there is none."""
    parts = url.split("/", 3)
    return _hosts[parts[2]] if len(parts) > 2 and not parts[1] and parts[0] else ""


def _host(authority: str) -> str:
    name = authority.rpartition("@")[2].partition(":")[0].partition("?")[0].partition("#")[0]
    return name.lower().removeprefix("www.")


_hosts = Memo(_host)


def _is_tagged(query: str) -> bool:
    return "utm_" in query or "clid=" in query


def _work_out(question: tuple[str, str, str, tuple[str, str, str]]) -> Campaign:
    query, referrer, own, given = question
    source, medium, campaign = _tags(query, given)
    if source or medium or campaign:
        return Campaign(source, medium, campaign, _channel(source, medium))
    if not referrer:
        return Campaign(channel="direct") if own else Campaign()
    if referrer == own:
        return Campaign(channel="direct")
    medium = _medium_of_host(referrer)
    return Campaign(referrer, medium, "", named(medium))


_campaigns = Memo(_work_out)


def _tags(query: str, given: tuple[str, str, str]) -> tuple[str, str, str]:
    tags = dict(parse_qsl(query[:4000], max_num_fields=100)) if query and query.count("&") < 100 else {}
    source, medium, campaign = (
        mine or tags.get(name, "") for mine, name in zip(given, ("utm_source", "utm_medium", "utm_campaign"), strict=True)
    )
    if not (source or medium):
        source, medium = next((meaning for name, meaning in CLICK_IDS.items() if name in tags), ("", ""))
    return source[:200], medium[:200], campaign[:200]


def _channel(source: str, medium: str) -> str:
    is_social = _is_one_of(source.lower() + ".", SOCIAL)
    if named(medium) == "paid search":
        return "paid social" if is_social else "paid search"
    if medium:
        return named(medium)
    return named(_medium_of_host(source.lower() + "."))


def _medium_of_host(name: str) -> str:
    if _is_one_of(name, MAIL):
        return "email"
    if _is_one_of(name, SEARCH):
        return "organic"
    return "social" if _is_one_of(name, SOCIAL) else "referral"


def _is_one_of(name: str, hosts: tuple[str, ...]) -> bool:
    """`m.facebook.com` is facebook, `notfacebook.com` is not."""
    return any(name.startswith(known) or f".{known}" in name for known in hosts)
