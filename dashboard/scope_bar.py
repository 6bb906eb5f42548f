"""The one line that says which data a page shows. Its state is the URL's query, so a link is a view.

A page puts `scope_bar.render(PAGE, query)` under its title; its callbacks take Input("scope", "data") and ask
`scope_bar.scope(data)`. assets/clientside.js writes the chips' values to the URL and to the store `scope`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode
from zoneinfo import available_timezones

import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from analytics import coverage
from analytics.scope import OneOf
from dashboard import formats, periods
from dashboard.components.basics import icon
from dashboard.components.forms import field
from dashboard.page import FILTERS, Page
from dashboard.scope_url import (
    carry,
    carry_all,
    compares,
    day_range,
    filter_names,
    has_begun,
    is_open,
    label,
    read,
    scope,
    wall_clock,
    whole_days,
    with_parameter,
)

__all__ = [
    "carry",
    "carry_all",
    "compares",
    "day_range",
    "filter_names",
    "has_begun",
    "is_open",
    "label",
    "read",
    "register",
    "render",
    "scope",
    "wall_clock",
    "whole_days",
    "with_parameter",
]

EVERYTHING = {"channel": "All channels", "country": "All countries", "device": "All devices"}
EXCEPT = {"label": "All but these", "value": "!"}  # in the list of a filter: the `!` of the URL
LATE_S = 3600
_WORDS = {
    "select_all": "Select all",
    "deselect_all": "Clear",
    "clear_selection": "Clear",
    "selected_count": "{num_selected}",
    "search": "Search",
}


def render(page: Page, query: Mapping[str, str]):
    """The bar with the chips that the query sets. query: the page's URL parameters, as Dash passes them to layout()."""
    asked = read(query)
    chips = [_period(asked), _days(asked), _compare(asked), _compare_from(asked)]
    chips += [_filter(name, asked.filters.get(name, OneOf()), page.unfiltered.get(name)) for name in FILTERS]
    return html.Div(
        [
            # Callbacks take the query from this store, not from the Location: it exists with the page only.
            dcc.Store(id="scope", data="?" + urlencode(query, safe=",!") if query else ""),
            html.Div([*chips, _more(asked)], className="scope-chips"),
            html.Div(id="scope-facts", className="scope-facts"),
            html.Div(id="scope-print", className="print-scope"),
        ],
        className="scope",
        role="group",
        **{"aria-label": "What this page shows"},
    )


def register(app: Dash) -> None:
    """The callbacks that keep the URL and the store, and fill in what only the store of events knows."""
    # TRICKY: it also runs at first, and hands the store back as it is. With prevent_initial_call Dash would never make
    # the first call of a callback whose only Input is the store.
    app.clientside_callback(
        ClientsideFunction("ecap", "keepScope"),
        Output("url", "search"),
        Output("scope", "data"),
        Output("scope-days-chip", "hidden"),
        Output("scope-from-chip", "hidden"),
        Input("scope-period", "value"),
        Input("scope-days", "start_date"),
        Input("scope-days", "end_date"),
        Input("scope-compare", "value"),
        Input("scope-from", "date"),
        [Input(f"scope-{name}", "value") for name in FILTERS],
        Input("scope-tz", "value"),
        Input("scope-bots", "value"),
        State("url", "search"),
        State("scope", "data"),
    )

    @app.callback(
        Output("scope-facts", "children"),
        Output("scope-print", "children"),
        Output("scope-period-chip", "data-tip"),
        Input("scope", "data"),
    )
    def facts(search):
        asked = scope(search)
        return _time(asked.tenant, asked.tz), _in_words(asked), day_range(asked)

    @app.callback(
        [Output(f"scope-{name}", "options") for name in FILTERS],
        Input("scope", "data"),
        [State(f"scope-{name}", "value") for name in FILTERS],
    )
    def options(search, *chosen):
        known = coverage.filter_options(scope(search))
        return [_options(name, known[name], values or []) for name, values in zip(FILTERS, chosen, strict=True)]


def _period(asked):
    options = {**periods.NAMES, "days": "Chosen days"}
    dropdown = _dropdown("scope-period", options, asked.period)
    return html.Div([icon("bi-calendar3"), dropdown], className="chip chip-period", id="scope-period-chip", **{"data-tip": ""})


def _days(asked):
    picker = dcc.DatePickerRange(
        id="scope-days",
        start_date=asked.first and asked.first.isoformat(),
        end_date=asked.last and asked.last.isoformat(),
        first_day_of_week=1,
        display_format="D MMM YYYY",
        minimum_nights=0,
        start_date_placeholder_text="First day",
        end_date_placeholder_text="Last day",
    )
    return html.Div(picker, className="chip chip-days", id="scope-days-chip", hidden=asked.period != "days")


def _compare(asked):
    options = {**periods.COMPARISONS, "from": "vs chosen days"}
    return html.Div([icon("bi-arrow-left-right"), _dropdown("scope-compare", options, asked.compare)], className="chip chip-compare")


def _compare_from(asked):
    picker = dcc.DatePickerSingle(
        id="scope-from",
        date=asked.compare_from and asked.compare_from.isoformat(),
        first_day_of_week=1,
        display_format="D MMM YYYY",
        placeholder="First day",
    )
    return html.Div(picker, className="chip chip-days", id="scope-from-chip", hidden=asked.compare != "from")


def _filter(name: str, one: OneOf, reason: str | None):
    """A multi-select chip; one that the page cannot apply is struck through and says why, but stays in the URL."""
    values = (["!"] if one.negated else []) + list(one.values)
    dropdown = dcc.Dropdown(
        _options(name, [], values),
        values,
        id=f"scope-{name}",
        placeholder=EVERYTHING[name],
        multi=True,
        searchable=name == "country",
        debounce=True,
        labels=_WORDS,
        maxHeight=320,
    )
    if not reason:
        return html.Div(dropdown, className=f"chip chip-{name}")
    shown = html.Span(EVERYTHING[name], className="chip is-off", tabIndex=0, **{"data-tip": reason})
    return html.Div([shown, html.Div(dropdown, hidden=True)])


def _more(asked):
    zones = dcc.Dropdown(sorted(available_timezones()), asked.tz, id="scope-tz", placeholder="The shop's", labels=_WORDS, maxHeight=260)
    bots = dbc.Switch(id="scope-bots", label="Count bots too", value=asked.bots)
    is_set = " is-set" if asked.tz or asked.bots else ""
    opener = html.Button(
        icon("bi-plus-lg"),
        id="scope-more",
        type="button",
        className=f"chip chip-more{is_set}",
        **{"aria-label": "More: time zone, bots", "data-tip": "Time zone, bots"},
    )
    body = dbc.PopoverBody(html.Div([field("Days end at midnight in", zones), bots], className="scope-more"))
    return html.Div([opener, dbc.Popover(body, target="scope-more", trigger="legacy", placement="bottom-start", hide_arrow=True)])


def _dropdown(id: str, options: dict[str, str], value: str):
    return dcc.Dropdown(options, value, id=id, clearable=False, searchable=False, maxHeight=320)


def _options(name: str, known: list[str], chosen: list[str]) -> list[dict]:
    """The values of a filter by name; what is chosen stays there even when nothing has it."""
    values = {*known, *(value for value in chosen if value != "!")} - {""}
    return [EXCEPT, *sorted(({"label": label(name, value), "value": value} for value in values), key=lambda o: o["label"])]


def _time(tenant: str, tz: str):
    """As of when the numbers are, amber when that is long ago; nothing before the first event."""
    as_of = coverage.as_of(tenant)
    if as_of is None:
        return []
    old_s = (datetime.now(UTC) - as_of).total_seconds()
    tip = f"Numbers as of {formats.moment(as_of, tz)} ({tz}), {formats.age(max(old_s, 0))} old."
    late = old_s > LATE_S
    shown = f"{formats.age(old_s)} old" if late else formats.moment(as_of, tz)
    sign = icon("bi-exclamation-triangle" if late else "bi-clock")
    return html.Span([sign, f" {shown}"], className="fresh is-late" if late else "fresh", tabIndex=0, **{"data-tip": tip})


def _in_words(asked):
    return " · ".join([day_range(asked), *filter_names(asked), *(["with bots"] if asked.bots else [])])
