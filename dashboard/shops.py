"""Which shop do I look at? Switching to another of mine, and making a new one."""

from zoneinfo import available_timezones

import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update
from flask import Flask, jsonify, request

import errors
from actions import accounts, tenants
from api import auth as tokens
from dashboard import auth, formats
from dashboard.components.basics import button
from dashboard.components.forms import field

CURRENCIES = tuple(formats.SYMBOLS)


def mount(server: Flask) -> None:
    """POST /app/switch {"tenant": …}: 204 with new cookies, 403 where the account is no member."""

    @server.post("/app/switch")
    @tokens.access(tokens.SIGNED_IN)
    def switch_shop():
        wanted = (request.get_json(silent=True) or {}).get("tenant", "")
        try:
            identity = accounts.switch(auth.identity().account_id, str(wanted))
        except errors.NotPermitted as problem:
            return jsonify(error=problem.message), 403
        response = server.response_class(status=204)
        tokens.issue_cookies(response, identity)
        return response


def dialog():
    """The dialog of a new shop; any element with data-open="new-shop" opens it."""
    form = [
        field("Name", dcc.Input(id="new-shop-name", type="text", autoComplete="off", maxLength=80), "What your people call it"),
        field("Currency", dcc.Dropdown(list(CURRENCIES), "EUR", id="new-shop-currency", clearable=False), "All amounts are shown in it"),
        field("Days end at midnight in", dcc.Dropdown(sorted(available_timezones()), "Europe/Berlin", id="new-shop-zone", clearable=False)),
        html.Div(id="new-shop-problem", role="alert"),
    ]
    acts = [button("Not yet", id="new-shop-no", **{"data-close": "new-shop"}), button("Create shop", "primary", id="new-shop-yes")]
    return html.Div(
        [
            dcc.Store(id="switch-to"),
            dbc.Modal(
                [
                    dbc.ModalHeader(dbc.ModalTitle("New shop"), close_button=False),
                    dbc.ModalBody(html.Div(form, className="rows")),
                    dbc.ModalFooter(acts),
                ],
                id="new-shop",
                is_open=False,
                centered=True,
            ),
        ]
    )


def register(app: Dash) -> None:
    """Make the shop, then go there: app-shell.js watches the store `switch-to`."""

    @app.callback(
        Output("switch-to", "data"),
        Output("new-shop-problem", "children"),
        Input("new-shop-yes", "n_clicks"),
        State("new-shop-name", "value"),
        State("new-shop-currency", "value"),
        State("new-shop-zone", "value"),
        prevent_initial_call=True,
    )
    def create(_clicks, name, currency, zone):
        who = auth.identity()
        try:
            shop = tenants.create(name or "", owner=who.account_id, timezone=zone, currency=currency)
        except (errors.Invalid, errors.Conflict) as problem:
            return no_update, html.Div(problem.message, className="field-error")
        return shop.id, ""

    app.clientside_callback(ClientsideFunction("ecap", "switchShop"), Output("switch-to", "storage_type"), Input("switch-to", "data"))
