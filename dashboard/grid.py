"""Tables: ag-grid with our theme. Its parameters are CSS variables, so dark mode needs no second theme."""

import dash_ag_grid as dag

from dashboard import formats

_PARAMS = """themeQuartz.withParams({
  backgroundColor: 'var(--surface)', foregroundColor: 'var(--ink)', textColor: 'var(--ink)', accentColor: 'var(--accent)',
  borderColor: 'var(--line)', chromeBackgroundColor: 'var(--surface)', headerBackgroundColor: 'var(--surface)',
  headerTextColor: 'var(--ink-3)', rowHoverColor: 'var(--hover)', selectedRowBackgroundColor: 'var(--accent-soft)',
  menuBackgroundColor: 'var(--surface)', inputBackgroundColor: 'var(--surface)', oddRowBackgroundColor: 'var(--surface)',
  fontFamily: 'var(--font)', fontSize: 13, headerFontSize: 12, headerFontWeight: 500, browserColorScheme: 'inherit',
  wrapperBorder: false, wrapperBorderRadius: 0, headerColumnResizeHandleColor: 'transparent',
  cellHorizontalPadding: 12, rowHeight: 40, headerHeight: 36, spacing: 6 })"""

_DEFAULTS = {"sortable": True, "resizable": True, "suppressMovable": True, "suppressHeaderMenuButton": True}
WIDE = {"context": {"wide": True}}  # such columns are left out where the grid is narrower than 420 px
NUMBER = {"type": "rightAligned", "minWidth": 104}  # no cellClass beside it: that would replace the alignment
SHARE = {"cellRenderer": "Share", "minWidth": 150}  # a share 0..1 as text and a bar; cellRendererParams: {"max": …} is a full bar
DELTA = {"cellRenderer": "Delta", "minWidth": 118}  # a change in percent; cellRendererParams: {"good": "up" | "down" | "none"}
SPARK = {"cellRenderer": "Spark", "minWidth": 128, "maxWidth": 140, "sortable": False, "cellDataType": False}  # a list of numbers


def count() -> dict:
    """A column of whole numbers, – for unknown."""
    return {**NUMBER, "valueFormatter": {"function": "params.value == null ? '–' : d3.format(',')(params.value)"}}


def money(currency: str, exact: bool = False) -> dict:
    """A column of amounts in one currency, – for unknown; exact is to the cent."""
    form, sign = (",.2f" if exact else ",.0f"), formats.symbol(currency)
    return {**NUMBER, "valueFormatter": {"function": f"params.value == null ? '–' : '{sign}' + d3.format('{form}')(params.value)"}}


def table(id: str, columns: list[dict], rows: list[dict], *, height: int | None = None, page: int | None = None, **options):
    """A grid that is as tall as its rows, or `height` px with its own scroll. Columns share the width by their `flex`."""
    options = {
        "theme": {"function": _PARAMS},
        "suppressCellFocus": False,
        "animateRows": False,
        "rowClass": "row-link",
        "suppressColumnVirtualisation": len(columns) < 15,
        "enableCellTextSelection": True,
        **options,
    }
    if page:
        options |= {"pagination": True, "paginationPageSize": page, "paginationPageSizeSelector": False}
    if height is None:
        options["domLayout"] = "autoHeight"
    # gridSizeChanged fires once before dash-ag-grid listens, so the first layout comes through componentStateChanged.
    listeners = {event: ["keepNarrow(params)"] for event in ("gridSizeChanged", "componentStateChanged")}
    return dag.AgGrid(
        id=id,
        columnDefs=columns,
        rowData=rows,
        defaultColDef=_DEFAULTS,
        dashGridOptions=options,
        eventListeners=listeners,
        className="",
        style={"height": height and f"{height}px", "width": "100%"},
    )
