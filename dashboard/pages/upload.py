"""What does the file hold, and how is it to be read?"""

from urllib.parse import urlencode
from uuid import UUID

from dash import ClientsideFunction, Input, Output, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from actions import uploads
from dashboard import auth
from dashboard import components as ui
from dashboard.page import Page
from dashboard.pages import upload_choose, upload_columns, upload_map, upload_read
from errors import NotFound

PAGE = Page(
    path="/data/upload",
    title="Upload a file",
    question="What does the file hold, and how is it to be read?",
    icon="bi-upload",
    area="",
    permission=uploads.PERMISSION,
)


def layout(**query):
    id = query.get("id")
    waiting = html.Div(className="upload-wait", **{"aria-busy": "true"})
    return html.Div(
        [
            ui.crumb("Data", "/app/data"),
            ui.page_head(PAGE.title, PAGE.question),
            html.Div(waiting if id else upload_choose.render(), id="upload-body"),
            dcc.Store(id="upload-id", data=id),
            dcc.Store(id="upload-state"),
            dcc.Store(id="upload-switch"),
        ],
        className="upload-page",
    )


def register(app):
    upload_map.register(app)
    upload_columns.register(app)
    upload_read.register(app)

    # Each stage of the page belongs to a state of the upload: when the state changes, the page is drawn anew.
    @app.callback(
        Output("upload-body", "children"),
        Output("url", "search", allow_duplicate=True),
        Input("upload-id", "data"),
        Input("upload-state", "data"),
        State("url", "search"),
        prevent_initial_call="initial_duplicate",
    )
    def stage(id, _state, search):
        if not id:
            raise PreventUpdate
        try:
            upload = uploads.load(auth.identity().tenant, _uuid(id))
        except NotFound:
            return _nothing(), no_update
        if upload.is_busy:
            body, step = upload_read.reading(upload), "reading"
        elif upload.state in uploads.READABLE:
            body, step = upload_map.render(auth.identity(), upload), "columns"
        else:
            body, step = upload_read.done(upload), "done"
        wanted = "?" + urlencode({"step": step, "id": str(upload.id)})
        return body, no_update if wanted == search else wanted

    app.clientside_callback(ClientsideFunction("ecap", "goToShop"), Output("upload-switch", "storage_type"), Input("upload-switch", "data"))


def _nothing():
    text = "It belongs to another shop, or its file was deleted before it was read."
    return ui.empty_state("bi-search", "There is no such upload", text, ui.link("Upload a file", "/app/data/upload"))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such upload.") from None
