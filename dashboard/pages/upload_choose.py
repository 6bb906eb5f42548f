"""Step 1 of an upload: the file. app-upload.js sends it straight to the API, past Dash, and fills the parts named upload-send-…"""

from dash import html

from actions import uploads
from dashboard import components as ui

HOLDS = (
    (
        "bi-activity",
        "Events",
        "events",
        "One row for each thing somebody did: when, who, what. Pages, products and prices if there are any.",
    ),
    ("bi-receipt", "Order lines", "orders", "One row for each product of an order: order, product, quantity, price, when, who."),
    ("bi-people", "Customers", "customers", "One row for each person: user_id, name, email. Known persons are brought up to date."),
)


def render():
    """The page before there is a file. It asks nothing."""
    steps = [
        ui.card(ui.numbered(1, "File and shop"), [_drop(), _sending()], menu=False),
        _later(2, "Columns", "How each column is to be read"),
        _later(3, "Reading", "Nothing is stored before this"),
    ]
    holds = html.Ul([_holds(*one) for one in HOLDS], className="list holds")
    side = ui.card("What a file may hold", holds, sub="It is guessed, and you can change the guess", menu=False)
    return html.Div([html.Div(steps, className="w8 rows"), html.Div(side, className="w4 rows")], className="cols")


def _drop():
    most = uploads.max_bytes() >> 30
    acts = [
        ui.button("Choose a file", "primary", id="upload-choose", **{"data-upload": "choose"}),
        ui.button("Try with an example", id="upload-example", **{"data-upload": "example"}),
    ]
    return html.Div(
        [
            ui.icon("bi-file-earmark-arrow-up"),
            html.B("Drop a CSV file here"),
            html.Span(f"Comma, semicolon, tab or bar; UTF-8 or Latin-1; also gzip. Up to {most or 1} GB.", className="quiet"),
            html.Div(acts, className="pair-acts"),
            html.Div(id="upload-send-problem", role="alert"),
        ],
        id="upload-drop",
        className="drop",
    )


def _sending():
    bar = html.Div(html.Div(id="upload-send-bar"), className="meter meter-accent", role="img", **{"aria-label": "Sent so far"})
    return html.Div(
        [
            html.Div([html.B(id="upload-send-name"), html.Span(id="upload-send-left", className="quiet num")], className="job-line"),
            bar,
            html.Div(
                [
                    html.Span(id="upload-send-words", className="quiet num", role="status"),
                    ui.button("Stop", id="upload-send-stop", **{"data-upload": "stop"}),
                ],
                className="job-line",
            ),
        ],
        id="upload-sending",
        className="job",
        hidden=True,
    )


def _later(number: int, title: str, text: str):
    return html.Div([html.Span(number, className="step-no"), title, html.Span(text, className="quiet")], className="panel step-later")


def _holds(sign: str, what: str, file: str, text: str):
    example = html.A(
        [ui.icon("bi-download"), html.Span("Example")],
        href=f"/app/assets/example-{file}.csv",
        download=f"example-{file}.csv",
        className="act act-quiet",
        **{"aria-label": f"Download an example of {what.lower()}"},
    )
    return html.Li([ui.icon(sign), html.Div([html.B(what), html.Small(text)]), example])
