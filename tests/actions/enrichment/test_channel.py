"""How a visit came."""

import pytest

from actions.enrichment import channel
from actions.enrichment.channel import Campaign

SHOP = "https://www.shop.test/p/1"


@pytest.mark.parametrize(
    ("url", "referrer", "given", "expected"),
    [
        ("", "", ("", "", ""), Campaign()),
        (SHOP, "", ("", "", ""), Campaign(channel="direct")),
        (SHOP, "https://shop.test/", ("", "", ""), Campaign(channel="direct")),
        (SHOP, "https://www.google.de/", ("", "", ""), Campaign("google.de", "organic", "", "organic search")),
        (SHOP, "https://m.facebook.com/x", ("", "", ""), Campaign("m.facebook.com", "social", "", "social")),
        (SHOP, "https://notfacebook.com/x", ("", "", ""), Campaign("notfacebook.com", "referral", "", "referral")),
        (SHOP, "https://mail.example.org/", ("", "", ""), Campaign("mail.example.org", "email", "", "email")),
        (
            SHOP + "?utm_source=news&utm_medium=Email&utm_campaign=may",
            "https://google.de",
            ("", "", ""),
            Campaign("news", "Email", "may", "email"),
        ),
        (SHOP + "?gclid=1#x", "", ("", "", ""), Campaign("google", "cpc", "", "paid search")),
        (SHOP + "?utm_source=facebook&utm_medium=cpc", "", ("", "", ""), Campaign("facebook", "cpc", "", "paid social")),
        (SHOP + "?utm_source=instagram", "", ("", "", ""), Campaign("instagram", "", "", "social")),
        (SHOP + "?utm_source=a", "", ("partner", "affiliate", ""), Campaign("partner", "affiliate", "", "affiliate")),
        (SHOP + "?" + "&".join(f"utm_x{n}=1" for n in range(500)), "", ("", "", ""), Campaign(channel="direct")),
    ],
)
def test_a_visit_comes_by_its_campaign_else_by_the_page_before(url, referrer, given, expected):
    assert channel.of(url, referrer, given) == expected


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("paid_search", "paid search"),
        ("Email", "email"),
        ("PPC", "paid search"),
        ("organic-search", "organic search"),
        ("TV", "tv"),
        ("", ""),
    ],
)
def test_channels_have_one_name(theirs, ours):
    assert channel.named(theirs) == ours


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://user@WWW.Shop.Test:8000/x", "shop.test"),
        ("https://shop.test?x", "shop.test"),
        ("/path", ""),
        ("", ""),
        ("android-app://com.google", "com.google"),
    ],
)
def test_hosts_are_read_from_addresses(url, host):
    assert channel.host(url) == host
