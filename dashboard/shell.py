"""What stays while pages change: sidebar, help, messages. Only the open area shows its pages."""

import json
from collections.abc import Sequence

import dash
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from actions import accounts, tenants
from dashboard import auth, scope_url, theme
from dashboard import shops as shops_dialog
from dashboard.components.basics import button, icon
from dashboard.page import AREAS, Page

SEARCH_FROM = 8  # shops; with fewer a list is enough
KEYS = (
    ("/", "Search pages"),
    ("g then …", "Go to a page: its key stands beside it in the search"),
    ("p", "Change the period"),
    ("t", "Light or dark"),
    ("Esc", "Close what is open"),
    ("?", "This help"),
)


def layout():
    """The frame around every page. It holds no data: who is looking is filled in by a callback."""
    return html.Div(
        [
            dcc.Location(id="url", refresh=False),
            dcc.Store(id="colour-pairs", data=theme.PAIRS),
            html.A("Skip to content", href="#main", className="skip"),
            _topbar(),
            html.Div(className="side-shade", id="side-shade"),
            html.Nav(
                [html.Div(id="side-head"), html.Div(id="side-areas", className="areas"), html.Div(id="side-foot")],
                id="side",
                className="side",
                **{"aria-label": "Pages"},
            ),
            html.Main(dash.page_container, id="main", className="main", tabIndex=-1),
            _help(),
            shops_dialog.dialog(),
            # Callbacks write into `toasts`, scripts into `said`: React must not find foreign nodes among its own.
            html.Div([html.Div(id="toasts"), html.Div(id="said")], className="toasts", role="status", **{"aria-live": "polite"}),
        ],
        className="shell",
    )


def register(app: Dash, pages: Sequence[Page]) -> None:
    """The sidebar of the caller's pages, his shops and his account."""
    app.clientside_callback(ClientsideFunction("ecap", "keepPairs"), Output("colour-pairs", "storage_type"), Input("colour-pairs", "data"))

    @app.callback(Output("side-head", "children"), Output("side-foot", "children"), Output("topbar-shop", "children"), Input("side", "id"))
    def frame(_id):
        who = auth.identity()
        shop = tenants.load(who.tenant).name
        return _head(shop, _reachable(pages, who), who.tenant), _foot(who, shop), shop

    @app.callback(Output("side-areas", "children"), Input("url", "pathname"), Input("url", "search"))
    def areas(pathname, search):
        path = "/" + (app.strip_relative_path(pathname) or "")
        return [_area(name, sign, found, path, search) for name, sign, found in _by_area(_reachable(pages, auth.identity()))]

    @app.callback(
        Output("shops", "children"),
        Output("shops", "hidden"),
        Input("shops-open", "n_clicks"),
        State("shops", "hidden"),
        prevent_initial_call=True,
    )
    def shops(clicks, hidden):
        if not clicks or not hidden:
            return no_update, True
        who = auth.identity()
        return _shops(accounts.memberships(who.account_id), who.tenant), False


def _reachable(pages: Sequence[Page], who: accounts.Identity) -> list[Page]:
    return [page for page in pages if page.area and who.may(page.permission)]


def _by_area(pages: Sequence[Page]) -> list[tuple[str, str, list[Page]]]:
    """The areas that have a page, in the sidebar's order."""
    found = [(name, sign, [page for page in pages if page.area == name]) for name, sign in AREAS]
    return [area for area in found if area[2]]


def _topbar():
    open_side = html.Button(
        icon("bi-list"), id="open-side", type="button", className="act act-quiet act-icon", **{"aria-label": "Open the list of pages"}
    )
    return html.Div(
        [open_side, html.Span([html.Span(className="mark"), html.Span(id="topbar-shop")], className="brand")], className="topbar"
    )


def _head(shop: str, pages: Sequence[Page], tenant: str):
    """The shop, and the search. app-search.js reads the list of pages and draws what it finds."""
    listed = [
        {"title": page.title, "area": page.area, "icon": page.icon, "path": f"/app{page.path}", "question": page.question, "key": page.key}
        for page in pages
    ]
    switcher = html.Button(
        [html.Span(className="mark"), html.Span(shop), icon("bi-chevron-expand")],
        id="shops-open",
        type="button",
        className="brand",
        **{"aria-haspopup": "menu", "aria-label": f"Shop {shop}: change it", "data-pop": "shops"},
    )
    search = html.Label(
        [
            icon("bi-search"),
            # A plain input: app-search.js listens to it, no callback does.
            dcc.Input(id="search", placeholder="Search", type="search", autoComplete="off", debounce=True),
            html.Kbd("/"),
            html.Div(id="found", className="pop found", hidden=True, role="listbox", **{"aria-label": "Pages"}),
        ],
        className="side-search",
        id="page-list",
        **{"data-pages": json.dumps(listed), "data-shop": tenant},
    )
    return [html.Div([switcher, html.Div(id="shops", className="pop is-below", hidden=True, role="menu")], className="side-pop"), search]


def _shops(members: Sequence[accounts.Membership], current: str):
    rows = [
        html.Button(
            [icon("bi-check-lg" if one.tenant == current else "bi-shop"), html.Span(one.name)],
            type="button",
            role="menuitem",
            className="pop-row" + (" is-here" if one.tenant == current else ""),
            **{"data-switch": one.tenant},
        )
        for one in members
    ]
    find = [
        html.Div(
            dcc.Input(placeholder="Find a shop", type="search", id="shops-find", autoComplete="off"),
            className="pop-find",
            **{"data-narrows": "shops"},
        )
    ]
    return [
        *(find if len(members) >= SEARCH_FROM else []),
        html.Div(rows, className="pop-list"),
        html.Div(className="pop-line"),
        html.Button(
            [icon("bi-plus-lg"), html.Span("New shop")], type="button", role="menuitem", className="pop-row", **{"data-open": "new-shop"}
        ),
    ]


def _area(name: str, sign: str, pages: Sequence[Page], path: str, search: str | None):
    is_open = any(is_inside(path, page.path) for page in pages)
    head = dcc.Link(
        [icon(sign), html.Span(name)], href=scope_url.carry(pages[0].path, search), className="area-head" + (" is-open" if is_open else "")
    )
    return html.Div([head] + ([html.Div([_link(page, path, search) for page in pages], className="page-links")] if is_open else []))


def _link(page: Page, path: str, search: str | None):
    is_here = is_inside(path, page.path)
    title = {"title": f"{page.title} (this page)"} if is_here else {}
    return dcc.Link(
        html.Span(page.title), href=scope_url.carry(page.path, search), className="page-link" + (" is-here" if is_here else ""), **title
    )


def is_inside(path: str, page: str) -> bool:
    """Whether `path` is the page or a detail of it: /data/upload belongs to /data."""
    return path == page or (page != "/" and path.startswith(page + "/"))


def _foot(who: accounts.Identity, shop: str):
    name = " ".join(part for part in (who.first_name, who.last_name) if part) or who.username
    appearance = html.Button(
        [icon("bi-circle-half"), html.Span("Appearance"), html.Kbd("T")],
        type="button",
        className="area-head",
        id="toggle-theme",
        **{"data-key": "t"},
    )
    account = html.Button(
        [html.Span(initials(name), className="avatar"), html.Span(name), icon("bi-chevron-expand")],
        type="button",
        className="area-head",
        **{"aria-haspopup": "menu", "aria-label": f"My account: {name}", "data-pop": "account"},
    )
    return html.Div([appearance, html.Div([account, _account(who, name, shop)], className="side-pop")], className="side-foot")


def _account(who: accounts.Identity, name: str, shop: str):
    rows = [
        html.Div(
            [
                html.B(name),
                html.Span(who.email, className="quiet"),
                html.Span(f"{who.role.replace('_', ' ').capitalize()} of {shop}", className="quiet"),
            ],
            className="pop-who",
        ),
        html.Div(className="pop-line"),
        html.Button(
            [icon("bi-keyboard"), html.Span("Keyboard"), html.Kbd("?")],
            type="button",
            className="pop-row",
            role="menuitem",
            **{"data-open": "help"},
        ),
        html.Button(
            [icon("bi-box-arrow-right"), html.Span("Sign out")],
            type="button",
            className="pop-row",
            role="menuitem",
            **{"data-sign-out": "true"},
        ),
    ]
    return html.Div(rows, id="account", className="pop is-above", hidden=True, role="menu")


def initials(name: str) -> str:
    """MK for Maria Keller, one letter for one word."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def _help():
    keys = [part for key, what in KEYS for part in (html.Dt(html.Kbd(key)), html.Dd(what))]
    close = html.Div(button("Close", **{"data-close": "dialog"}), className="dialog-acts")
    return html.Dialog([html.H2("Keyboard"), html.Dl(keys), close], id="help", className="dialog help", **{"aria-label": "Keyboard"})
