"""Controls with their labels, hints and errors."""

import dash_bootstrap_components as dbc
from dash import html

from dashboard.components.basics import icon


def field(label: str, control, hint: str | None = None, error: str | None = None):
    """A labelled control. The error stands in the hint's place and says what to enter ("Enter a number from 1 to 60").

    The label belongs to the first part of the control that has an id, so every control needs one.
    """
    note = []
    if error:
        note = [html.Div([icon("bi-exclamation-circle"), f" {error}"], className="field-error", role="alert")]
    elif hint:
        note = [html.Div(hint, className="field-hint")]
    parts = [control, *(control[key] for key in control)]
    named = next((part.id for part in parts if isinstance(getattr(part, "id", None), str)), None)
    return html.Div(
        [html.Label(label, className="field-label", **({"htmlFor": named} if named else {})), control, *note], className="field"
    )


def segmented(id, options: dict[str, str], value: str):
    """A switch of two to four words; its value is a key of options."""
    return dbc.RadioItems(
        id=id,
        options=[{"label": label, "value": key} for key, label in options.items()],
        value=value,
        className="segmented",
        inputClassName="btn-check",
        labelClassName="segment",
        labelCheckedClassName="is-chosen",
        inline=True,
    )
