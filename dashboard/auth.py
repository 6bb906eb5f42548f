"""Who is looking at a page? The guard of /app and the identity of the current request."""

from urllib.parse import quote

from flask import Flask, Response, g, jsonify, redirect, request

import errors
from actions import accounts
from api import auth as tokens

# Scripts, styles, fonts and icons hold no data, and the sign-in page needs them.
OPEN = ("/app/assets/", "/app/_dash-component-suites/", "/app/_favicon.ico")
# dash-renderer looks for these very words, then calls the hook that renews the token, and asks again.
EXPIRED = "JWT Expired"
REFRESH_JS = """async () => {
  const csrf = document.cookie.match(/(?:^|; )csrf_refresh_token=([^;]+)/);
  const answer = await fetch("/auth/refresh", {method: "POST", credentials: "same-origin", headers: csrf ? {"X-CSRF-TOKEN": csrf[1]} : {}});
  if (answer.ok) return "cookie";
  location.href = "/login?next=" + encodeURIComponent(location.pathname + location.search);
  return new Promise(() => {});  // nothing more to do for this page: whoever waits for a token waits until it is left
}"""


def identity() -> accounts.Identity:
    """Who sent the current request, in which shop, with which permissions. Raises NotAuthenticated for nobody."""
    if "dashboard_identity" not in g:
        # Cookies only: after a renewal dash-renderer adds an Authorization header that is no token of ours.
        g.dashboard_identity = tokens.identity_of_browser()
    return g.dashboard_identity


def require(permission: str) -> accounts.Identity:
    """The identity of the request. Raises NotPermitted where it lacks the permission."""
    who = identity()
    if not who.may(permission):
        raise errors.NotPermitted("Your role in this shop does not include this. An administrator can change it.")
    return who


def is_safe(target: str | None) -> bool:
    """Whether `next` leads to a page of ours: a path, no other host, no backslash that a browser would read as a slash."""
    return bool(target) and target.startswith("/") and not target.startswith("//") and not set(target) & set("\\\r\n\t")


def protect(server: Flask) -> None:
    """Let nobody unknown behind /app/, before anything else looks at the request."""

    @server.before_request
    def guard() -> Response | tuple[Response, int] | None:
        path = request.path
        if not path.startswith("/app/") or path.startswith(OPEN):
            return None
        try:
            identity()
        except (errors.NotAuthenticated, errors.NotPermitted) as problem:
            return _turned_away(problem)
        return None


def _turned_away(problem: errors.EcapError):
    """A page leads to the sign-in. A call of the renderer gets JSON: fetch would follow a redirect into an HTML page."""
    if request.method == "GET" and not request.path.startswith("/app/_"):
        return redirect("/login?next=" + quote(request.full_path.rstrip("?"), safe="/"))
    if isinstance(problem, errors.NotPermitted):
        return jsonify(error=problem.message), 403
    return jsonify(error=EXPIRED), 401
