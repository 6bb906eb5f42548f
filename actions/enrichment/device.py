"""What a user agent says: the kind of device, the browser, the system, and whether it is no person at all."""

import re
from typing import NamedTuple

import ua_parser

from actions.enrichment.memo import Memo


class Device(NamedTuple):
    """All texts are "" where unknown. `bot_reason` says why it is a bot; "" is a person."""

    device_type: str = ""  # desktop, mobile, tablet
    browser: str = ""
    os: str = ""
    bot_reason: str = ""


# A Cubot is a phone.
_BOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|scrap(er|y)|facebookexternalhit|preview|monitor|uptime|pingdom|archiver|feedfetcher", re.I
)
_AUTOMATION = re.compile(r"headless|phantomjs|puppeteer|playwright|selenium|cypress|lighthouse|electron.*test", re.I)
_PROGRAM = re.compile(r"^(curl|wget|python|java|go-http|okhttp|axios|node|ruby|perl|libwww|apache-http|postman)", re.I)
_TABLET = re.compile(r"ipad|tablet|kindle|silk/|playbook|android(?!.*mobile)", re.I)
_MOBILE = re.compile(r"mobi|iphone|ipod|android|phone", re.I)
_DESKTOP = re.compile(r"windows nt|macintosh|x11|cros|linux", re.I)
_DESKTOPS = frozenset({"Windows", "Mac OS X", "Linux", "Ubuntu", "Chrome OS", "Fedora", "Debian"})


def parse(user_agent: str) -> Device:
    """The Device behind a user agent."""
    if not user_agent:
        return Device()
    found = ua_parser.parse(user_agent[:1000])
    browser = found.user_agent.family if found.user_agent else ""
    os = found.os.family if found.os else ""
    is_spider = found.device is not None and found.device.family == "Spider"
    return Device(_kind(user_agent, os), browser, os, _bot_reason(user_agent, is_spider))


devices = Memo(parse, 20_000)


def kind(name: str) -> str:
    """The device type that somebody else's word means: `Desktop`, `web`, `iPhone`, `android`; "" where it is none of ours."""
    word = name.strip().lower()
    if word in ("desktop", "mobile", "tablet"):
        return word
    return {"web": "desktop", "pc": "desktop", "computer": "desktop", "phone": "mobile", "smartphone": "mobile"}.get(word) or _kind(
        word, ""
    )


def _kind(user_agent: str, os: str) -> str:
    if _TABLET.search(user_agent):
        return "tablet"
    if _MOBILE.search(user_agent):
        return "mobile"
    return "desktop" if os in _DESKTOPS or _DESKTOP.search(user_agent) else ""


def _bot_reason(user_agent: str, is_spider: bool) -> str:
    if is_spider or _BOT.search(user_agent):
        return "crawler"
    if _AUTOMATION.search(user_agent):
        return "automation"
    return "program" if _PROGRAM.search(user_agent) else ""
