"""Who calls, and may they: one decorator for every route, one way to read credentials, one to hand them out."""

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import wraps
from uuid import UUID, uuid4

from flask import Flask, Response, current_app, g, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jwt,
    set_access_cookies,
    set_refresh_cookies,
    unset_jwt_cookies,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import CSRFError, JWTExtendedException
from jwt.exceptions import ExpiredSignatureError, PyJWTError

from actions import accounts, keys, tenants
from actions.accounts import Identity
from errors import Invalid, NotAuthenticated, NotPermitted
from models import permissions
from settings import Settings
from stores import logs

PUBLIC = "public"  # nobody is asked who he is
SIGNED_IN = "signed in"  # any account, whatever it may do
KNOWN = "known"  # any account and any key
ALGORITHMS = ("HS256", "HS384", "HS512")
AUDIENCE = "ecap"
REFRESH_DAYS = 14
KEY_MARK = "ecap_"  # all our keys begin so, no JWT does


@dataclass(frozen=True)
class Access:
    """The rule that a route declares."""

    permission: str
    open_in_development: bool = False


def init_app(app: Flask, settings: Settings) -> None:
    """Set up the tokens: one algorithm, our audience, cookies with CSRF protection. Raises Invalid for an algorithm we do not use."""
    if settings.jwt_algorithm not in ALGORITHMS:
        raise Invalid(f"JWT_ALGORITHM is {settings.jwt_algorithm!r}; it is one of {', '.join(ALGORITHMS)}.")
    app.config.update(
        SECRET_KEY=settings.secret_key,  # Dash signs its background handles with it
        JWT_SECRET_KEY=settings.secret_key,
        JWT_ALGORITHM=settings.jwt_algorithm,
        JWT_DECODE_ALGORITHMS=[settings.jwt_algorithm],
        JWT_ENCODE_ISSUER=AUDIENCE,
        JWT_DECODE_ISSUER=AUDIENCE,
        JWT_ENCODE_AUDIENCE=AUDIENCE,
        JWT_DECODE_AUDIENCE=AUDIENCE,
        JWT_ACCESS_TOKEN_EXPIRES=timedelta(minutes=settings.jwt_expire_minutes),
        JWT_REFRESH_TOKEN_EXPIRES=timedelta(days=REFRESH_DAYS),
        JWT_TOKEN_LOCATION=["headers", "cookies"],
        JWT_COOKIE_SECURE=not settings.is_development,
        JWT_COOKIE_SAMESITE="Lax",
        JWT_COOKIE_CSRF_PROTECT=True,
        JWT_CSRF_IN_COOKIES=True,
        JWT_SESSION_COOKIE=False,
        JWT_REFRESH_COOKIE_PATH="/auth/refresh",
        JWT_REFRESH_CSRF_COOKIE_PATH="/",  # the page's script reads it
    )
    JWTManager(app)


def access(permission: str, *, open_in_development: bool = False):
    """A decorator that every route has, as the outermost one: who lacks `permission` gets 401 or 403.

    With `open_in_development` (documents 000, 002, 003) a caller without any credentials acts in the demo shop of a development server.
    The view finds `g.identity` and `g.tenant`.
    """
    rule = Access(permission, open_in_development)

    def decorate(view):
        @wraps(view)
        def checked(*args, **kwargs):
            admit(rule)
            return view(*args, **kwargs)

        checked.access = rule
        checked._apidoc = _documented(view, rule)
        return checked

    return decorate


def admit(rule: Access) -> None:
    """Set `g.identity` and `g.tenant` of the caller; raises NotAuthenticated or NotPermitted when the rule refuses him."""
    if rule.permission == PUBLIC:
        return
    identity = identity_of_request()
    if identity is None:
        if not (rule.open_in_development and _settings().is_development):
            raise NotAuthenticated("This needs a sign-in or an API key.")
        identity = _anybody(rule.permission)
    _check(identity, rule.permission)
    g.identity, g.tenant = identity, identity.tenant
    logs.bind(tenant=identity.tenant)


def _check(identity: Identity, permission: str) -> None:
    if permission == SIGNED_IN and identity.account_id is None:
        raise NotPermitted("This needs the sign-in of a person, not a key.")
    if permission not in (SIGNED_IN, KNOWN) and not identity.may(permission):
        raise NotPermitted(f"This needs the permission {permission}.")


def person() -> UUID:
    """The id of the account that calls. Raises NotPermitted for a key: what is made here belongs to somebody."""
    if g.identity.account_id is None:
        raise NotPermitted("This needs the sign-in of a person, not a key.")
    return g.identity.account_id


def identity_of_request() -> Identity | None:
    """Who sent this request; None where it carries no credentials at all. Raises NotAuthenticated for any that are wrong or expired."""
    if "caller" not in g:
        g.caller = _by_key() or _by_token()
    return g.caller


def identity_of_browser() -> Identity:
    """Who is signed in in this browser: only its cookies count. Raises NotAuthenticated, and NotPermitted without the CSRF token."""
    g.caller = _identity_of_token(locations=["cookies"])
    return g.caller


def own_tenant(customer_id: str | None) -> None:
    """Raise NotPermitted when a request names another shop than the caller's. It may repeat its own, or say nothing."""
    if customer_id and customer_id != g.tenant:
        raise NotPermitted("customer_id names another shop than your credentials belong to.")


def issue_token(identity: Identity) -> str:
    """An access token for programs."""
    return create_access_token(str(identity.account_id), additional_claims=_claims(identity))


def issue_cookies(response: Response, identity: Identity) -> None:
    """Sign the browser in: the access token, and a longer one that only /auth/refresh is sent."""
    claims = _claims(identity)
    set_access_cookies(response, create_access_token(str(identity.account_id), additional_claims=claims))
    set_refresh_cookies(response, create_refresh_token(str(identity.account_id), additional_claims=claims))


def refresh_cookies(response: Response) -> None:
    """Renew the access cookie of the browser whose refresh cookie came with this request."""
    identity = _identity_of_token(locations=["cookies"], refresh=True)
    set_access_cookies(response, create_access_token(str(identity.account_id), additional_claims=_claims(identity)))


def forget_cookies(response: Response) -> None:
    """Sign the browser out."""
    unset_jwt_cookies(response)


def _by_key() -> Identity | None:
    text = _key_text()
    if not text:
        return None
    key = keys.find(text)
    if key.origins and (origin := request.headers.get("Origin")) and origin not in key.origins:
        raise NotPermitted("This key may not be used from this site.")
    return Identity(
        account_id=None,
        email="",
        username=key.name,
        first_name="",
        last_name="",
        tenant=key.tenant,
        role="api_user",
        permissions=permissions.expand(key.scopes),
        key_id=key.id,
    )


def _key_text() -> str | None:
    """A key, wherever the documents and Segment's libraries put it."""
    if text := request.headers.get("X-API-Key"):
        return text
    given = request.authorization
    if given and given.type == "basic":
        return given.username or ""
    if given and given.type == "bearer" and given.token and given.token.startswith(KEY_MARK):
        return given.token
    return request.args.get("writeKey")


def _by_token() -> Identity | None:
    if "Authorization" in request.headers:
        return _identity_of_token(locations=["headers"])
    if current_app.config["JWT_ACCESS_COOKIE_NAME"] in request.cookies:
        return _identity_of_token(locations=["cookies"])
    return None


def _identity_of_token(*, locations: list[str], refresh: bool = False) -> Identity:
    try:
        verify_jwt_in_request(locations=locations, refresh=refresh)
        claims = get_jwt()
        account_id, tenant, sid, _end = UUID(claims["sub"]), claims["tenant"], claims["sid"], claims["exp"]
    except CSRFError as problem:
        raise NotPermitted("The request does not carry this page's CSRF token.", code="CSRF_FAILED") from problem
    except ExpiredSignatureError as problem:
        raise NotAuthenticated("The sign-in has expired.", code="TOKEN_EXPIRED") from problem
    except (JWTExtendedException, PyJWTError, KeyError, ValueError) as problem:
        raise NotAuthenticated("These credentials are not valid.") from problem
    try:
        return replace(accounts.identity(account_id, tenant), sid=sid)
    except NotPermitted as problem:  # no member any more: the token is worth nothing
        raise NotAuthenticated("These credentials are not valid here any more.") from problem


def _claims(identity: Identity) -> dict:
    return {"tenant": identity.tenant, "role": identity.role, "sid": identity.sid or uuid4().hex}


def _anybody(permission: str) -> Identity:
    names = {"email": "", "username": "anybody", "first_name": "", "last_name": ""}
    return Identity(None, **names, tenant=tenants.DEMO, role="anybody", permissions=permissions.expand([permission]))


def _documented(view, rule: Access) -> dict:
    """The view's documentation with what the rule means for callers."""
    document = deepcopy(getattr(view, "_apidoc", {}))
    manual = document.setdefault("manual_doc", {})
    manual["security"] = [] if rule.permission == PUBLIC else [{"bearer": []}, {"apiKey": []}, {"cookie": []}]
    if rule.open_in_development:
        manual["security"].append({})
    if rule.permission != PUBLIC:
        refusals = manual.setdefault("responses", {})
        refusals.setdefault("401", "UNAUTHORIZED")
        refusals.setdefault("403", "FORBIDDEN")
        manual.setdefault("x-permission", rule.permission)
    return document


def _settings() -> Settings:
    return current_app.config["ECAP"]
