"""The JavaScript SDK, for any page of any shop."""

from pathlib import Path

from flask import Response, request
from flask_smorest import Blueprint

from api.auth import PUBLIC, access

blp = Blueprint("tracker", __name__, description="The JavaScript SDK")

SCRIPT = Path(__file__).parents[2] / "assets" / "tracker.js"
MAX_AGE_S = 3600  # a shop's pages ask once an hour whether there is a newer one


@blp.route("/tracker.js")
@access(PUBLIC)
@blp.doc(responses={"200": {"description": "JavaScript", "content": {"text/javascript": {"schema": {"type": "string"}}}}})
def tracker() -> Response:
    """The tracker, as a script and as a module"""
    response = Response(SCRIPT.read_bytes(), mimetype="text/javascript")
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE_S
    response.add_etag()
    # Other sites import it: without this a browser refuses a module of another origin, or any script where the page asks for CORP.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response.make_conditional(request)
