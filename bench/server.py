"""The application with one more route: an empty POST, the yardstick of what this server can do at all."""

import settings
from api.app import create_app
from api.auth import PUBLIC, access
from stores import logs

logs.configure(settings.current())
app = create_app(settings.current())
app.add_url_rule("/empty", "empty", access(PUBLIC)(lambda: ("", 204)), methods=["POST"])
