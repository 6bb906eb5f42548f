// Cells of ag-grid's community edition; its own sparklines are enterprise only.
(function () {
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  const h = (...args) => window.React.createElement(...args);
  const unknown = () => h("span", { className: "delta-was" }, "–");

  // Columns marked WIDE are left out where the grid is narrow.
  functions.keepNarrow = ({ api }) => {
    const { left, right } = api.getHorizontalPixelRange(), roomy = right - left > 420;
    const wrong = api.getColumns().filter((c) => (c.getColDef().context || {}).wide && c.isVisible() !== roomy);
    if (right > left && wrong.length) api.setColumnsVisible(wrong, roomy);
  };

  cells.Spark = ({ value }) => {
    if (!value || value.length < 2) return null;
    const low = Math.min(...value), span = Math.max(...value) - low || 1;
    const points = value.map((v, i) => [((i * 96) / (value.length - 1) + 2).toFixed(1), (22 - (18 * (v - low)) / span).toFixed(1)]);
    const [x, y] = points.at(-1), path = "M" + points.map((p) => p.join(" ")).join(" L");
    return h("svg", { width: 100, height: 24, className: "cell-spark", "aria-hidden": true },
      h("path", { d: path, fill: "none", stroke: "currentColor", strokeWidth: 1.5 }),
      h("circle", { cx: x, cy: y, r: 2, fill: "currentColor" }));
  };

  cells.Delta = ({ value, colDef }) => {
    if (value === null || value === undefined) return unknown();
    const size = Math.abs(value).toFixed(1), word = Number(size) === 0 ? "level" : value > 0 ? "up" : "down";
    const good = (colDef.cellRendererParams || {}).good || "up";
    const tone = word === "level" || good === "none" ? "" : word === good ? "is-good" : "is-bad";
    const sign = { up: "bi-arrow-up-right", down: "bi-arrow-down-right", level: "bi-arrow-right" }[word];
    return h("span", { className: `delta-move ${tone}` }, h("i", { className: `bi ${sign}`, "aria-hidden": true }),
      word === "level" ? " level" : ` ${word} ${size}%`);
  };

  cells.Share = ({ value, max = 1 }) => {
    if (value === null || value === undefined) return unknown();
    return h("span", { className: "cell-share" }, h("span", { className: "num" }, `${(100 * value).toFixed(value < 0.1 ? 2 : 1)}%`),
      h("span", { className: "meter" }, h("i", { style: { width: `${Math.min(100, (100 * value) / max)}%` } })));
  };
})();
