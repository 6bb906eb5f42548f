"""The sign-in page: a plain form rendered by the server, so that it works before any script has loaded."""

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request

import errors
from actions import accounts, attempts
from api import auth as tokens
from dashboard import auth, formats, theme

HOME = "/app/"
SHEETS = ("00-bootstrap", "01-bootstrap-icons", "app-1-base", "app-2-shell", "app-3-parts", "app-5-dash", "app-6-signin", "theme")
WRONG = "Email or password is not right. Check both and try again."
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


def mount(server: Flask) -> None:
    """GET and POST /login and /logout."""
    anybody = tokens.access(tokens.PUBLIC)
    pages = Blueprint("signin", __name__, template_folder="templates")
    pages.add_url_rule("/login", "page", anybody(_page), methods=["GET"])
    pages.add_url_rule("/login", "form", anybody(_sign_in), methods=["POST"])
    pages.add_url_rule("/logout", "leave", anybody(_sign_out), methods=["GET", "POST"])
    server.register_blueprint(pages)


def _page() -> Response:
    return _form(request.args.get("next"))


def _sign_in() -> Response:
    """Back to where one came from; the same words for whatever was wrong, so that nobody learns which accounts exist."""
    login, target, address = request.form.get("login", ""), request.form.get("next"), request.remote_addr or ""
    try:
        attempts.check(login, address)
        identity = accounts.sign_in(login.strip(), request.form.get("password", ""))
    except errors.NotAuthenticated:
        attempts.note(login, address)
        return _form(target, login, WRONG, 401)
    except errors.NotPermitted as problem:  # right password, no shop
        return _form(target, login, problem.message, 403)
    except errors.LimitExceeded as problem:
        return _form(target, login, f"{problem.message} Try again in {formats.duration(problem.retry_after_s)}.", 429)
    except errors.Unavailable:
        return _form(target, login, "Signing in is not possible at the moment. Try again in a minute.", 503)
    response = redirect(target if auth.is_safe(target) else HOME, 303)
    tokens.issue_cookies(response, identity)
    return response


def _sign_out() -> Response:
    """Without a CSRF check: the worst that another site can do with it is to sign somebody out."""
    response = redirect("/login", 303)
    tokens.forget_cookies(response)
    return response


def _form(target: str | None, login: str = "", problem: str = "", status: int = 200) -> Response:
    hint = current_app.config["ECAP"] if current_app.config["ECAP"].is_development else None
    wanted = target if auth.is_safe(target) else HOME
    html = render_template("signin.html", theme=theme.chosen(), sheets=SHEETS, problem=problem, hint=hint, next=wanted, login=login)
    response = make_response(html, status)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
