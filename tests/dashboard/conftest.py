"""A signed-in browser without the browser: the cookies of an account, and the calls that dash-renderer would make."""

import json
from dataclasses import dataclass
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from actions import accounts

PASSWORD = "correct horse battery"


@dataclass
class Browser:
    """What dash-renderer does, for one signed-in account."""

    client: FlaskClient
    email: str

    @property
    def csrf(self) -> str:
        return self.client.get_cookie("csrf_access_token").value

    def post(self, path: str, body: dict | None = None):
        return self.client.post(path, json=body, headers={"X-CSRF-TOKEN": self.csrf})

    def call(self, output: str, values: dict, triggered: str | None = None):
        """The answer of the callback whose outputs contain `output`; values are `id.property` → value of its inputs and states."""
        found = [one for one in self.client.get("/app/_dash-dependencies").get_json() if output in one["output"]]
        assert len(found) == 1, f"{len(found)} callbacks change {output}"
        return self.post("/app/_dash-update-component", _payload(found[0], values, triggered))


def _payload(callback: dict, values: dict, triggered: str | None) -> dict:
    def filled(places):
        return [{"id": p["id"], "property": p["property"], "value": values.get(f"{p['id']}.{p['property']}")} for p in places]

    names = callback["output"].strip(".").split("...")
    outputs = [{"id": name.rsplit(".", 1)[0], "property": name.rsplit(".", 1)[1].split("@")[0]} for name in names]
    inputs = filled(callback["inputs"])
    return {
        "output": callback["output"],
        "outputs": outputs if callback["output"].startswith("..") else outputs[0],
        "inputs": inputs,
        "state": filled(callback["state"]),
        "changedPropIds": [triggered or f"{inputs[0]['id']}.{inputs[0]['property']}"],
    }


@pytest.fixture
def browser_of(app):
    """`browser_of(tenant, role)` signs a new account of that shop in."""

    def sign_in(tenant: str, role: str = "manager") -> Browser:
        email = f"{uuid4().hex[:10]}@example.com"
        account = accounts.create(email=email, username=email.split("@")[0], password=PASSWORD, first_name="Maria", last_name="Keller")
        accounts.join(account, tenant, role)
        client = app.test_client()
        answer = client.post("/login", data={"login": email, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return Browser(client, email)

    return sign_in


@pytest.fixture
def browser(browser_of, tenant) -> Browser:
    """A manager of `tenant`, signed in."""
    return browser_of(tenant)


def texts(component) -> str:
    """All words of a component tree, in order, as a reader would see them."""
    tree = json.loads(json.dumps(component, default=lambda part: part.to_plotly_json()))
    return " ".join(_words(tree)).replace("  ", " ").strip()


def _words(tree):
    if isinstance(tree, str | int | float) and not isinstance(tree, bool):
        yield str(tree).strip()
    elif isinstance(tree, list):
        for part in tree:
            yield from _words(part)
    elif isinstance(tree, dict) and "props" in tree:
        yield from _words(tree["props"].get("children") or [])
