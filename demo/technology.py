"""With what do they come, and from where? Browsers, bots, and the ways into the shop."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Agent:
    """A browser as it introduces itself."""

    name: str
    device: str  # desktop, mobile, tablet
    share: float  # of the visitors
    user_agent: str


@dataclass(frozen=True)
class Way:
    """How a visit begins. `referrer` and `utm` are what the browser sends; the channel follows from them at ingestion."""

    name: str
    share: float  # of the visits by people without a habit of their own
    referrer: str
    utm: tuple[str, str, str] | None  # source, medium, campaign
    landing: tuple[float, float, float]  # chance to land on home, a category, a product


_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0"
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5"
_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64"

AGENTS = (
    Agent("iPhone Safari", "mobile", 0.30, f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {_SAFARI} Mobile/15E148 Safari/604.1"),
    Agent("Android Chrome", "mobile", 0.19, f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} Mobile Safari/537.36"),
    Agent("Samsung Internet", "mobile", 0.06, f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} SamsungBrowser/28.0 Mobile Safari/537.36"),
    Agent("iPad Safari", "tablet", 0.06, f"Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) {_SAFARI} Mobile/15E148 Safari/604.1"),
    Agent("Windows Chrome", "desktop", 0.19, f"{_WINDOWS}) {_CHROME} Safari/537.36"),
    Agent("Windows Edge", "desktop", 0.07, f"{_WINDOWS}) {_CHROME} Safari/537.36 Edg/138.0.0.0"),
    Agent("Windows Firefox", "desktop", 0.05, f"{_WINDOWS}; rv:140.0) Gecko/20100101 Firefox/140.0"),
    Agent("Mac Safari", "desktop", 0.08, f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_SAFARI} Safari/605.1.15"),
)
IPHONE_SAFARI = 0

BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
)

WAYS = (
    Way("direct", 0.24, "", None, (0.70, 0.12, 0.18)),
    Way("organic search", 0.33, "https://www.google.com/", None, (0.24, 0.34, 0.42)),
    Way("other search", 0.03, "https://duckduckgo.com/", None, (0.24, 0.34, 0.42)),
    Way("shopping ads", 0.11, "https://www.google.com/", ("google", "cpc", "shopping_de"), (0.02, 0.18, 0.80)),
    Way("instagram", 0.09, "https://l.instagram.com/", ("instagram", "social", "always_on"), (0.10, 0.40, 0.50)),
    Way("pinterest", 0.06, "https://www.pinterest.com/", None, (0.05, 0.25, 0.70)),
    Way("newsletter", 0.08, "", ("newsletter", "email", "weekly_letter"), (0.20, 0.50, 0.30)),
    Way("blog", 0.06, "https://www.kleine-wohnung.example/", None, (0.10, 0.30, 0.60)),
)
NEWSLETTER = 6

# Two campaigns of the history, see stories.py: one brought buyers, the other only visitors.
LIGHT_EVENINGS = Way("light evenings", 0.0, "", ("newsletter", "email", "light_evenings"), (0.08, 0.62, 0.30))
CLIP_CAMPAIGN = Way("clip campaign", 0.0, "https://www.tiktok.com/", ("tiktok", "paid_social", "room_makeover"), (0.05, 0.15, 0.80))
ALL_WAYS = (*WAYS, LIGHT_EVENINGS, CLIP_CAMPAIGN)
