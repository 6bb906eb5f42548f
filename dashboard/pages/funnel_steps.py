"""The editor of a funnel's steps. What it would show is counted while one edits; nothing changes behind it before Apply."""

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update

from actions import funnels
from analytics import event_names, funnel, page_types, paths
from analytics.funnel import Definition, Funnel
from analytics.funnel_definition import PROPERTY_OPERATORS
from dashboard import auth, formats, scope_bar
from dashboard import components as ui
from dashboard.pages import funnel_edit, funnel_parts, funnel_state
from dashboard.pages.funnel_edit import KINDS
from dashboard.pages.funnel_state import ONE_AND_MANY, UNITS
from errors import EcapError, Invalid

WINDOWS = {
    "3600": "within 1 hour",
    "86400": "within 1 day",
    "604800": "within 7 days",
    "2592000": "within 30 days",
    "none": "without a limit",
}
SIGNS = {
    "is": "is",
    "is_not": "is not",
    "like": "like",
    "more_than": "more than",
    "at_least": "at least",
    "less_than": "less than",
    "at_most": "at most",
    "is_set": "is set",
}


def render():
    """The drawer and the dialog for its name; they stand on the page from the start, closed."""
    drawer = ui.drawer("funnel-edit", wide=True)
    drawer.title = "Steps"
    add = {"type": "funnel-act", "do": "add", "step": 0, "alt": 0}
    drawer.children = [
        html.Div(
            [
                ui.field("Counted are", ui.segmented("funnel-draft-unit", UNITS, "session")),
                ui.field("All steps", dcc.Dropdown(WINDOWS, "604800", id="funnel-draft-window", clearable=False, searchable=False)),
            ],
            className="steps-scope",
        ),
        html.Ol(id="funnel-list", className="steps-edit"),
        html.Div(ui.button("Add step", "quiet", "bi-plus-lg", id=add), className="group"),
        html.Div(
            [
                html.Div(id="funnel-result", className="steps-result", role="status"),
                html.Div(
                    [
                        ui.button("Save as…", sign="bi-bookmark", id="funnel-save", **{"data-open": "funnel-name"}),
                        ui.button("Apply", "primary", id="funnel-apply"),
                    ],
                    className="steps-acts",
                ),
            ],
            className="steps-foot",
        ),
        dcc.Store(id="funnel-draft"),
        dcc.Store(id="funnel-events", data=[]),
    ]
    name = ui.field("Name", dcc.Input(id="funnel-new-name", maxLength=100, placeholder="Checkout, payment optional"))
    return html.Div([drawer, ui.ask("funnel-name", "Save this funnel?", name, "Save funnel")])


def register(app):
    @app.callback(
        Output("funnel-edit", "is_open"),
        Output("funnel-edit", "title"),
        Output("funnel-draft", "data"),
        Output("funnel-draft-unit", "value"),
        Output("funnel-draft-window", "value"),
        Output("funnel-draft-window", "options"),
        Output("funnel-events", "data"),
        Input("funnel-edit-open", "n_clicks"),
        State("funnel-asked", "data"),
        State("scope", "data"),
        prevent_initial_call=True,
    )
    def open_editor(clicks, asked, search):
        if not clicks:
            return (no_update,) * 7
        scope = scope_bar.scope(search)
        chosen = funnel_state.chosen(scope.tenant, asked)
        draft = funnel_edit.draft(chosen.definition)
        window = "none" if draft["window"] is None else str(draft["window"])
        windows = WINDOWS | ({} if window in WINDOWS else {window: funnel_parts.window_words(chosen.definition.window).strip()})
        seen = [name for name, _ in paths.choices(scope, "event")]
        return True, f"Steps of “{chosen.definition.name}”", draft, draft["unit"], window, windows, seen

    @app.callback(Output("funnel-list", "children"), Input("funnel-draft", "data"), State("funnel-events", "data"))
    def draw(draft, seen):
        steps = (draft or {}).get("steps", [])
        events = sorted({*event_names.CANONICAL, *(seen or [])})
        return [_step(number, step, len(steps), events) for number, step in enumerate(steps)]

    @app.callback(
        Output("funnel-result", "children"),
        Output("funnel-apply", "disabled"),
        Output("funnel-save", "disabled"),
        Input("funnel-draft", "data"),
        State("funnel-asked", "data"),
        State("scope", "data"),
        prevent_initial_call=True,
    )
    def count(draft, asked, search):
        if not draft:
            return "", True, True
        may_save = auth.identity().may("write:analytics")
        try:
            wanted, scope = funnel_edit.definition(draft), scope_bar.scope(search)
            now = funnel.run(scope, wanted, details=False)
        except Invalid as problem:
            return html.Span([ui.icon("bi-exclamation-circle"), f" {problem.message}"], className="field-error"), True, True
        shown = funnel_state.chosen(scope.tenant, asked).definition
        was = None if shown == wanted else funnel.run(scope, shown, details=False)
        return _result(now, was), False, not may_save

    @app.callback(
        Output("funnel-draft", "data", allow_duplicate=True),
        Input({"type": "funnel-part", "step": ALL, "alt": ALL, "part": ALL}, "value"),
        Input({"type": "funnel-flag", "step": ALL}, "value"),
        Input({"type": "funnel-not", "step": ALL, "alt": ALL}, "value"),
        Input({"type": "funnel-act", "do": ALL, "step": ALL, "alt": ALL}, "n_clicks"),
        Input("funnel-draft-unit", "value"),
        Input("funnel-draft-window", "value"),
        State("funnel-draft", "data"),
        prevent_initial_call=True,
    )
    def change(_parts, _flags, _nots, _acts, unit, window, draft):
        touched, value = ctx.triggered_id, ctx.triggered[0]["value"]
        if not draft or len(ctx.triggered) > 1 or value is None:  # several at once: the list was only drawn again
            return no_update
        if touched in ("funnel-draft-unit", "funnel-draft-window"):
            after = draft | {"unit": unit, "window": None if window == "none" else int(window)}
        else:
            after = funnel_edit.changed(draft, touched, value)
        return no_update if after == draft else after

    @app.callback(
        Output("funnel-asked", "data", allow_duplicate=True),
        Output("funnel-edit", "is_open", allow_duplicate=True),
        Input("funnel-apply", "n_clicks"),
        State("funnel-draft", "data"),
        State("funnel-asked", "data"),
        State("scope", "data"),
        prevent_initial_call=True,
    )
    def apply(clicks, draft, asked, search):
        if not clicks:
            return no_update, no_update
        shown = funnel_state.chosen(scope_bar.scope(search).tenant, asked)
        wanted = funnel_edit.definition(draft)
        return (no_update if wanted == shown.definition else funnel_state.edited(shown.key, wanted)), False

    @app.callback(
        Output("funnel-asked", "data", allow_duplicate=True),
        Output("funnel-edit", "is_open", allow_duplicate=True),
        Output("funnel-name", "is_open"),
        Output("toasts", "children", allow_duplicate=True),
        Input("funnel-name-yes", "n_clicks"),
        Input("funnel-name-no", "n_clicks"),
        State("funnel-new-name", "value"),
        State("funnel-draft", "data"),
        prevent_initial_call=True,
    )
    def save(_yes, _no, name, draft):
        if ctx.triggered_id == "funnel-name-no" or not ctx.triggered[0]["value"]:
            return no_update, no_update, False, no_update
        identity = auth.require("write:analytics")
        try:
            made = funnels.create(identity.tenant, _named(draft, name), account_id=identity.account_id)
        except EcapError as problem:
            return no_update, no_update, True, ui.toast(problem.message, tone="bad")
        return {"funnel": str(made.id)}, False, False, ui.toast(f"Saved as “{made.name}”")


def _named(draft: dict, name: str | None) -> Definition:
    if not (name or "").strip():
        raise Invalid("Enter a name for the funnel.")
    return funnel_edit.definition(draft | {"name": " ".join(name.split())})


def _result(now: Funnel, was: Funnel | None):
    many = ONE_AND_MANY[now.unit][1]
    share = html.Div([html.B(formats.percent(now.steps[-1].share, 2)), f" of {formats.whole(now.total)} {many}"], className="num")
    before = "as it is shown now" if was is None else f"was {formats.percent(was.steps[-1].share, 2)} of {ONE_AND_MANY[was.unit][1]}"
    return [share, html.Span(before, className="quiet num")]


def _act(do: str, step: int, alt: int, sign: str, label: str, **more):
    ids = {"type": "funnel-act", "do": do, "step": step, "alt": alt}
    return ui.button("", "quiet", sign, id=ids, **{"aria-label": label, "data-tip": label}, **more)


def _step(number: int, step: dict, total: int, events: list[str]):
    can_be_optional = 0 < number < total - 1
    alternatives = [_condition(number, alt, one, len(step["any"]), events) for alt, one in enumerate(step["any"])]
    box = html.Div(
        [_head(number, step, total), *alternatives, _foot(number, step, can_be_optional=can_be_optional)],
        className="step-edit" + (" is-optional" if step["optional"] and can_be_optional else ""),
    )
    return html.Li(([_between(number, step["without"], events)] if number else []) + [box])


def _head(number: int, step: dict, total: int):
    names = [funnel_parts.label(funnel.Step(**one).label) for one in step["any"]]
    return html.Div(
        [
            html.Span(number + 1, className="step-no"),
            html.B(" or ".join(names), className="step-title"),
            _act("up", number, 0, "bi-arrow-up", "Earlier", disabled=number == 0),
            _act("down", number, 0, "bi-arrow-down", "Later", disabled=number == total - 1),
            _act("remove", number, 0, "bi-x-lg", "Remove step", disabled=total <= 2),
        ],
        className="step-edit-head",
    )


def _foot(number: int, step: dict, *, can_be_optional: bool):
    parts = [ui.button("Or", "quiet", "bi-plus-lg", id={"type": "funnel-act", "do": "or", "step": number, "alt": 0})]
    if number:
        ids = {"type": "funnel-act", "do": "without", "step": number, "alt": 0}
        parts.append(ui.button("Exclude before", "quiet", "bi-slash-circle", id=ids))
    if can_be_optional:
        options, value = [{"label": "Optional", "value": "yes"}], ["yes"] if step["optional"] else []
        parts.append(dcc.Checklist(options, value, id={"type": "funnel-flag", "step": number}, className="check"))
    return html.Div(parts, className="step-edit-foot")


def _between(number: int, without: list[dict], events: list[str]):
    rows = []
    for alt, one in enumerate(without):
        ids = {"type": "funnel-not", "step": number, "alt": alt}
        if one["kind"] == "event" and one.get("operator", "is") == "is":
            what = dcc.Dropdown(sorted({*events, one["value"]}), one["value"], id=ids, clearable=False, maxHeight=280)
        else:  # made over the API: it can be taken away here, not changed
            what = html.B(funnel.Step(**one).label)
        allow = _act("with", number, alt, "bi-x", "Allow it again")
        rows.append(html.Span([ui.icon("bi-slash-circle"), "without", what, "in between", allow], className="between"))
    return html.Div(rows, className="betweens")


def _condition(step: int, alt: int, one: dict, count: int, events: list[str]):
    kind = funnel_edit.kind_of(one)
    last = _act("unor", step, alt, "bi-x", "Remove this one") if count > 1 else html.Span()
    word = html.Span("or" if alt else "", className="quiet")
    parts = [word, _choice(step, alt, "kind", KINDS, kind), _value(step, alt, kind, one, events), last]
    return html.Div(parts, className="step-cond" + (" has-or" if count > 1 else ""))


def _value(step: int, alt: int, kind: str, one: dict, events: list[str]):
    if kind == "event" and one.get("operator", "is") == "is":
        return _choice(step, alt, "value", sorted({*events, one["value"]}), one["value"])
    if kind == "page_type" and one.get("operator", "is") == "is":
        return _choice(step, alt, "value", sorted({*page_types.PAGE_TYPES, one["value"]}), one["value"])
    if kind != "property":
        return _text(step, alt, "value", one["value"], "Value")
    signs = {name: SIGNS[name] for name in PROPERTY_OPERATORS}
    parts = [_text(step, alt, "key", one["key"], "Property"), _choice(step, alt, "operator", signs, one.get("operator", "is"))]
    if one.get("operator") != "is_set":
        parts.append(_text(step, alt, "value", one["value"], "Value"))
    return html.Div(parts, className="step-property")


def _choice(step: int, alt: int, part: str, options, value: str):
    ids = {"type": "funnel-part", "step": step, "alt": alt, "part": part}
    return dcc.Dropdown(options, value, id=ids, clearable=False, searchable=len(options) > 10, maxHeight=280)


def _text(step: int, alt: int, part: str, value: str, label: str):
    ids = {"type": "funnel-part", "step": step, "alt": alt, "part": part}
    return dcc.Input(value=value, id=ids, debounce=True, placeholder=label, maxLength=500)
