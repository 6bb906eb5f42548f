"""What a page's callbacks answer when something is wrong: the state of one card, never a broken page."""

import dash
import pytest
from dash import Input, Output, html

import errors
from dashboard import auth
from dashboard import components as ui
from dashboard.page import Door, Page
from tests.dashboard.conftest import Browser, texts

PAGE = Page("/test", "Test", "Does it work?", "bi-x", "Home", "read:analytics")


@pytest.fixture
def door(monkeypatch):
    """A page in an app of its own; `raised` is what its callback raises."""
    app = dash.Dash("test_page", suppress_callback_exceptions=True)
    raised = []
    monkeypatch.setattr(auth, "require", lambda _permission: None)  # who may see a page is test_auth.py

    @Door(app, PAGE).callback(Output("g", "children"), Output("t", "children"), Input("scope", "data"), card=("one", "two"))
    def draw(search):
        if raised:
            raise raised[0]
        return f"drawn for {search}", "title"

    app.layout = html.Div()
    return app.server.test_client(), raised


def call(client):
    callbacks = client.get("/_dash-dependencies").get_json()
    return Browser.call(_Plain(client, callbacks), "g.children", {"scope.data": "?period=7d"}).get_json()


class _Plain:
    """A browser for an app without sign-in."""

    def __init__(self, client, callbacks):
        self.client = self
        self._client, self._callbacks = client, callbacks

    def get(self, _path):
        return self

    def get_json(self):
        return self._callbacks

    def post(self, path, body):
        return self._client.post(path.replace("/app", ""), json=body)


def test_a_card_that_draws_clears_its_state(door):
    client, _ = door
    assert call(client) == {
        "multi": True,
        "response": {"g": {"children": "drawn for ?period=7d"}, "t": {"children": "title"}},
        "sideUpdate": {"one-state": {"children": []}, "two-state": {"children": []}},
    }


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (errors.Unavailable("The question took longer than 20 s."), "This card could not be loaded The question took longer than 20 s."),
        (errors.NotPermitted("This needs the role Manager."), "You cannot see this This needs the role Manager."),
        (errors.NotFound("There is no such person."), "There is no such thing There is no such person."),
        (errors.Invalid("The funnel has one step."), "This cannot be read The funnel has one step."),
        (ui.Instead(ui.no_data("events", "Put the snippet on your shop.")), "No events yet Put the snippet on your shop."),
        (ZeroDivisionError("a bug"), "This card could not be loaded Something in ECAP went wrong."),
    ],
)
def test_what_goes_wrong_is_said_in_the_cards_that_wait_for_it(door, problem, words):
    client, raised = door
    raised.append(problem)
    answer = call(client)
    assert answer["response"] == {}
    for card in ("one-state", "two-state"):
        assert texts(answer["sideUpdate"][card]["children"]).startswith(words)


def test_a_failure_can_be_tried_again_in_each_card(door):
    client, raised = door
    raised.append(errors.Unavailable("The store does not answer."))
    answer = call(client)
    assert [str(answer["sideUpdate"][f"{card}-state"]).count(f"'data-retry': '{card}'") for card in ("one", "two")] == [1, 1]


def test_a_page_names_an_area_that_there_is():
    with pytest.raises(AssertionError):
        Page("/x", "X", "?", "bi-x", "Nowhere", "read:analytics")


def test_only_filters_can_be_left_out():
    with pytest.raises(AssertionError):
        Page("/x", "X", "?", "bi-x", "Home", "read:analytics", unfiltered={"segment": "why"})


def test_a_callback_without_a_card_tells_its_failure_in_a_message(browser, monkeypatch):
    from dashboard import scope_bar

    def down(_tenant):
        raise errors.Unavailable("The events' store does not answer.")

    monkeypatch.setattr(scope_bar.coverage, "as_of", down)
    answer = browser.call("scope-facts.children", {"scope.data": ""})
    assert answer.status_code == 200
    assert texts(answer.get_json()["sideUpdate"]["toasts"]["children"]) == "The events' store does not answer."
