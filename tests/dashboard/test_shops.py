"""Switching to another shop, and making one."""

from sqlalchemy import text

from actions import accounts, tenants
from stores import postgres


def account_of(browser):
    with postgres.owner() as connection:
        return connection.execute(text("SELECT id FROM accounts WHERE email = :email"), {"email": browser.email}).scalar()


def shop_of(browser):
    return browser.call("side-head.children", {"side.id": "side"}).get_json()["response"]["topbar-shop"]["children"]


def test_a_member_switches_and_sees_the_other_shop(browser, other_tenant):
    accounts.join(account_of(browser), other_tenant, "viewer")
    assert browser.post("/app/switch", {"tenant": other_tenant}).status_code == 204
    assert shop_of(browser) == other_tenant


def test_nobody_switches_to_a_shop_that_is_not_his(browser, tenant, other_tenant):
    answer = browser.post("/app/switch", {"tenant": other_tenant})
    assert (answer.status_code, answer.get_json()) == (403, {"error": "You are not a member of this shop."})
    assert browser.post("/app/switch", {"tenant": 5}).status_code == 403
    assert shop_of(browser) == tenant


def test_another_site_cannot_switch(browser, other_tenant):
    assert browser.client.post("/app/switch", json={"tenant": other_tenant}).status_code == 403


def test_the_switcher_lists_the_shops_of_the_account(browser, tenant, other_tenant):
    accounts.join(account_of(browser), other_tenant, "viewer")
    listed = browser.call("shops.children", {"shops-open.n_clicks": 1, "shops.hidden": True}).get_json()["response"]
    assert listed["shops"]["hidden"] is False
    assert [name in str(listed) for name in (tenant, other_tenant, "New shop", "shops-find")] == [True, True, True, False]


def test_the_switcher_shuts_at_the_second_click(browser):
    answer = browser.call("shops.children", {"shops-open.n_clicks": 2, "shops.hidden": False}).get_json()
    assert answer["response"] == {"shops": {"hidden": True}}


def test_a_new_shop_belongs_to_who_made_it(browser):
    values = {
        "new-shop-yes.n_clicks": 1,
        "new-shop-name.value": " Corner  shop ",
        "new-shop-currency.value": "GBP",
        "new-shop-zone.value": "Europe/London",
    }
    made = browser.call("switch-to.data", values).get_json()["response"]["switch-to"]["data"]
    shop = tenants.load(made)
    assert (shop.name, shop.currency, shop.timezone) == ("Corner shop", "GBP", "Europe/London")
    assert browser.post("/app/switch", {"tenant": made}).status_code == 204
    assert shop_of(browser) == "Corner shop"


def test_a_shop_without_a_name_is_not_made(browser):
    values = {"new-shop-yes.n_clicks": 1, "new-shop-currency.value": "GBP", "new-shop-zone.value": "Europe/London"}
    answer = browser.call("switch-to.data", values).get_json()["response"]
    assert "switch-to" not in answer
    assert "A shop's name has 1 to 80 characters." in str(answer)
