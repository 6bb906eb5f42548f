"""Mounts the UI on the Flask server: which pages there are, and what stands around them."""

import types
from collections.abc import Callable

import dash
from dash import Dash
from dash.exceptions import DependencyException
from flask import Flask, Response, request

from actions import accounts
from dashboard import auth, scope_bar, shell, shops, signin, theme, tokens
from dashboard.components.basics import button
from dashboard.components.states import empty_state, not_permitted, page_not_found, say
from dashboard.page import Door, Page
from dashboard.pages import data, funnel, journeys, overview, parts, paths, upload

# In the order of the sidebar, within each area.
PAGES: tuple[types.ModuleType, ...] = (overview, data, upload, funnel, journeys, paths)
DEVELOPMENT_PAGES: tuple[types.ModuleType, ...] = (parts,)

INDEX = """<!doctype html>
<html lang="en" data-bs-theme="{theme}"><head>{metas}<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/app/assets/mark.svg">
<link rel="preload" href="/app/assets/fonts/inter-latin-opsz-normal.woff2" as="font" type="font/woff2" crossorigin>
<script src="/app/assets/boot-theme.js"></script>{css}</head>
<body>{app_entry}<footer hidden>{config}{scripts}{renderer}</footer></body></html>"""


class Ecap(Dash):
    """Dash with our page around it: the theme is known before the first paint, the font before labels are measured."""

    def interpolate_index(self, **parts):
        return INDEX.format(theme=theme.chosen(), **parts)


def mount(server: Flask) -> Dash:
    """The UI at /app/ of the server, with the sign-in at /login. May be called again for another server."""
    auth.protect(server)
    signin.mount(server)
    shops.mount(server)
    server.register_error_handler(DependencyException, lambda _problem: ("There is no such file.", 404))
    modules = PAGES + (DEVELOPMENT_PAGES if server.config["ECAP"].is_development else ())
    others = len(server.before_request_funcs.get(None, ()))
    app = _dash(server)
    _add_pages(app, modules)
    app.layout = shell.layout
    shell.register(app, [module.PAGE for module in modules])
    shops.register(app)
    scope_bar.register(app)
    _warm(server, others)
    _secure(server, app, {module.PAGE.path for module in modules})
    return app


def _dash(server: Flask) -> Dash:
    return Ecap(
        "dashboard",
        server=server,
        url_base_pathname="/app/",
        use_pages=True,
        pages_folder="",
        assets_folder=str(tokens.ASSETS),
        assets_ignore=r"^(boot-|tracker)",
        serve_locally=True,
        external_stylesheets=[],
        suppress_callback_exceptions=True,
        use_async=False,  # None would become True as soon as asgiref is installed
        update_title=None,
        title="ECAP",
        compress=False,  # the server compresses all answers
        csrf_token_name="csrf_access_token",
        csrf_header_name="X-CSRF-TOKEN",
        on_error=say,
        hooks={"request_refresh_jwt": auth.REFRESH_JS},
    )


def _add_pages(app: Dash, modules: tuple[types.ModuleType, ...]) -> None:
    # Dash keeps its registry per process; a second app would find the first one's pages in it.
    dash.page_registry.clear()
    for module in modules:
        page = module.PAGE
        title = f"{page.title} · ECAP"
        dash.register_page(module.__name__, path=page.path, name=page.title, title=title, layout=_guarded(module.layout, page))
        module.register(Door(app, page))
    dash.register_page("not_found_404", path="/not-found", title="No such page · ECAP", layout=lambda **_query: page_not_found())


def _guarded(layout: Callable, page: Page) -> Callable:
    """The layout, for those who may see it, in the shop that the link means."""

    def shown(**query):
        who = auth.identity()
        if query.get("shop", who.tenant) != who.tenant:
            return _other_shop(who, query["shop"])
        if not who.may(page.permission):
            return not_permitted(page.title, "Manager", is_page=True)
        return layout(**query)

    return shown


def _other_shop(who: accounts.Identity, tenant: str):
    """A link never chooses the shop; a member is offered the switch."""
    shop = next((one for one in accounts.memberships(who.account_id) if one.tenant == tenant), None)
    if shop is None:
        return empty_state(
            "bi-lock", "You cannot see this shop", "This link belongs to another shop. An administrator of it can invite you."
        )
    return empty_state(
        "bi-shop",
        f"This link belongs to {shop.name}",
        "You are looking at another shop.",
        button(f"Switch to {shop.name}", "primary", **{"data-switch": tenant, "data-here": "true"}),
        is_page=True,
    )


def _warm(server: Flask, others: int) -> None:
    """Dash prepares itself before its first request; here, so that no visitor waits for it. Our own guards are not called."""
    with server.test_request_context("/app/"):
        for prepare in server.before_request_funcs[None][others:]:
            prepare()


def _secure(server: Flask, app: Dash, paths: set[str]) -> None:
    scripts = " ".join(app.csp_hashes())
    policy = (
        f"default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )

    @server.after_request
    def secure(response: Response) -> Response:
        if not request.path.startswith("/app/"):
            return response
        response.headers["Content-Security-Policy"] = policy
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if not request.path.startswith(auth.OPEN):
            response.headers["Cache-Control"] = "no-store"
            _say_missing(response, paths)
        return response


def _say_missing(response: Response, paths: set[str]) -> None:
    """Dash answers 200 for every address; one that no page has is 404, with the same words for a person."""
    is_page = response.mimetype == "text/html" and response.status_code == 200
    if is_page and request.path.removeprefix("/app") not in paths:
        response.status_code = 404
