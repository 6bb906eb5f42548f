"""Views belong to an account; what it shares, the shop sees and nobody else changes."""

from uuid import uuid4

import pytest

from actions import accounts, saved_views
from actions.saved_views import View
from errors import Invalid, NotFound


def new_account():
    name = f"u{uuid4().hex[:12]}"
    return accounts.create(email=f"{name}@example.com", username=name, password="correct horse battery")


@pytest.fixture
def ann(servers):
    return new_account()


@pytest.fixture
def bob(servers):
    return new_account()


def test_a_view_is_kept_and_replaced_under_its_name(tenant, ann):
    first = saved_views.save(tenant, ann, page="/funnel", name=" Mobile  only ", query="?device=mobile")
    again = saved_views.save(tenant, ann, page="/funnel", name="Mobile only", query="device=mobile&period=7d", shared=True)
    assert first == again
    assert saved_views.visible(tenant, ann) == [View(first, "/funnel", "Mobile only", "device=mobile&period=7d", True, True)]


def test_others_see_only_what_is_shared_and_only_in_the_same_shop(tenant, other_tenant, ann, bob):
    saved_views.save(tenant, ann, page="/funnel", name="Mine", query="a=1")
    shared = saved_views.save(tenant, ann, page="/paths", name="Ours", query="b=2", shared=True)

    assert saved_views.visible(tenant, bob) == [View(shared, "/paths", "Ours", "b=2", True, False)]
    assert saved_views.visible(tenant, bob, "/funnel") == []
    assert saved_views.visible(other_tenant, ann) == []


def test_views_come_by_name_and_of_one_page_if_asked(tenant, ann):
    for page, name in (("/b", "zeta"), ("/a", "Alpha"), ("/b", "beta")):
        saved_views.save(tenant, ann, page=page, name=name, query="")
    assert [view.name for view in saved_views.visible(tenant, ann)] == ["Alpha", "beta", "zeta"]
    assert [view.name for view in saved_views.visible(tenant, ann, "/b")] == ["beta", "zeta"]


def test_only_its_owner_removes_a_view(tenant, other_tenant, ann, bob):
    id = saved_views.save(tenant, ann, page="/funnel", name="Ours", query="", shared=True)
    for shop, account in ((tenant, bob), (other_tenant, ann)):
        with pytest.raises(NotFound):
            saved_views.remove(shop, account, id)
    saved_views.remove(tenant, ann, id)
    assert saved_views.visible(tenant, ann) == []
    with pytest.raises(NotFound):
        saved_views.remove(tenant, ann, id)


@pytest.mark.parametrize(("name", "query"), [("", "a=1"), (" ", "a=1"), ("x" * 81, "a=1"), ("Fine", "a" * 4001)])
def test_names_and_filters_have_a_length(tenant, ann, name, query):
    with pytest.raises(Invalid):
        saved_views.save(tenant, ann, page="/funnel", name=name, query=query)
