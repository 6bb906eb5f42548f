"""Devices, browsers and what is no person."""

import pytest

from actions.enrichment import device
from actions.enrichment.device import Device

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 Version/17.1 Mobile/15E148 Safari/604.1"
IPAD = "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Mobile/15E148 Safari/604.1"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36"
TABLET = "Mozilla/5.0 (Linux; Android 14; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
HEADLESS = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        ("", Device()),
        (IPHONE, Device("mobile", "Mobile Safari", "iOS")),
        (IPAD, Device("tablet", "Mobile Safari", "iOS")),
        (WINDOWS, Device("desktop", "Chrome", "Windows")),
        (ANDROID, Device("mobile", "Chrome Mobile", "Android")),
        (TABLET, Device("tablet", "Chrome", "Android")),
        ("something new", Device()),
    ],
)
def test_a_user_agent_tells_the_device(user_agent, expected):
    assert device.parse(user_agent) == expected


@pytest.mark.parametrize(
    ("user_agent", "reason"),
    [
        (GOOGLEBOT, "crawler"),
        ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "crawler"),
        (HEADLESS, "automation"),
        ("curl/8.1.2", "program"),
        ("python-requests/2.31", "program"),
        ("Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/88.0 Mobile Safari/537.36", ""),
    ],
)
def test_bots_are_known_by_what_they_say(user_agent, reason):
    assert device.parse(user_agent).bot_reason == reason


@pytest.mark.parametrize(
    ("word", "kind"), [("Desktop", "desktop"), ("web", "desktop"), ("iPhone", "mobile"), ("ipad", "tablet"), ("fridge", "")]
)
def test_other_words_for_devices_are_understood(word, kind):
    assert device.kind(word) == kind
