// The ⋯ of a card: its rows as a table, as CSV, its chart as an image, a link to it. All from what the browser already has.
(function () {
  const node = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const titleOf = (card) => (card.querySelector("h2")?.textContent || "ECAP").trim();
  const fileOf = (card) => titleOf(card).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

  // {columns, rows} of a chart (its figure carries them), of an HTML part (data-rows), or of a plain table.
  function tableOf(card) {
    const meta = card.querySelector(".js-plotly-plot")?.layout?.meta;
    if (meta?.rows) return meta;
    const described = card.querySelector("[data-rows]");
    if (described) return JSON.parse(described.dataset.rows);
    const table = card.querySelector("table:not(.ag-root table)");
    if (!table) return null;
    const text = (cells) => [...cells].map((cell) => cell.textContent.trim());
    return { columns: text(table.querySelectorAll("thead th")), rows: [...table.querySelectorAll("tbody tr")].map((tr) => text(tr.cells)) };
  }

  const gridOf = (card) => {
    const id = card.querySelector(".ag-root-wrapper")?.closest("[id]")?.id;
    return id && window.dash_ag_grid?.getApi(id);
  };

  const shown = (value) => value === null || value === undefined ? "–"
    : typeof value === "number" ? value.toLocaleString("en-GB", { maximumFractionDigits: 4 }) : String(value);

  function showRows(card) {
    const { columns, rows } = tableOf(card), dialog = node("dialog", "dialog dialog-wide"), scroll = node("div", "dialog-rows");
    const table = node("table", "plain-table num"), head = table.createTHead().insertRow(), body = table.createTBody();
    columns.forEach((name) => head.append(node("th", "", name)));
    rows.forEach((row) => {
      const line = body.insertRow();
      row.forEach((value) => line.append(node("td", typeof value === "number" ? "right" : "", shown(value))));
    });
    columns.forEach((_, n) => { if (rows.some((row) => typeof row[n] === "number")) head.cells[n].className = "right"; });
    scroll.append(table); scroll.tabIndex = 0;
    const acts = node("div", "dialog-acts"), save = node("button", "act", "Save as CSV"), close = node("button", "act act-primary", "Close");
    save.type = close.type = "button";
    save.onclick = () => saveCsv(card);
    close.onclick = () => dialog.close();
    acts.append(save, close);
    dialog.append(node("h2", "", titleOf(card)), scroll, acts);
    dialog.onclose = () => dialog.remove();
    document.body.append(dialog);
    dialog.showModal();
  }

  // A cell that a spreadsheet would take for a formula gets an apostrophe; numbers stay numbers.
  function csvCell(value) {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return String(value);
    const text = String(value), safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  function saveCsv(card) {
    const grid = gridOf(card), table = tableOf(card);
    if (!table && grid) {
      // Lists are sparklines: a table has no place for them.
      const columns = grid.getColumns().filter((column) => column.getColDef().cellRenderer !== "Spark");
      return grid.exportDataAsCsv({ fileName: `${fileOf(card)}.csv`, columnKeys: columns, processCellCallback: ({ value }) => csvCell(value).replace(/^"|"$/g, "") });
    }
    const lines = [table.columns, ...table.rows].map((row) => row.map(csvCell).join(","));
    save(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv;charset=utf-8" }), `${fileOf(card)}.csv`);
  }

  function save(blob, name) {
    const link = node("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function saveImage(card) {
    const plot = card.querySelector(".js-plotly-plot");
    window.Plotly.downloadImage(plot, { format: "png", scale: 2, width: plot.clientWidth, height: plot.clientHeight, filename: fileOf(card) });
  }

  // The link names the shop, so that somebody who looks at another one is told.
  function copyLink(card) {
    const query = new URLSearchParams(location.search), shop = document.getElementById("page-list")?.dataset.shop;
    if (shop) query.set("shop", shop);
    const text = query.toString().replaceAll("%2C", ",").replaceAll("%21", "!");
    navigator.clipboard?.writeText(`${location.origin}${location.pathname}${text ? "?" + text : ""}${card.id ? "#" + card.id : ""}`)
      .then(() => window.ecap.say("Link copied"), () => window.ecap.say("The browser does not allow copying here", true));
  }

  let open;
  function shut(back) {
    if (!open) return;
    open.menu.remove();
    open.button.setAttribute("aria-expanded", "false");
    if (back) open.button.focus();
    open = null;
  }

  function show(button) {
    const card = button.closest(".panel"), menu = node("div", "card-menu"), place = button.getBoundingClientRect();
    const item = (sign, words, act) => {
      const row = node("button", "pop-row");
      row.type = "button"; row.setAttribute("role", "menuitem");
      row.append(node("i", `bi ${sign}`), node("span", "", words));
      row.onclick = () => { shut(true); act(card); };
      menu.append(row);
    };
    menu.setAttribute("role", "menu");
    if (tableOf(card)) item("bi-table", "Rows", showRows);
    if (tableOf(card) || gridOf(card)) item("bi-filetype-csv", "Save as CSV", saveCsv);
    if (card.querySelector(".js-plotly-plot")) item("bi-image", "Save as image", saveImage);
    item("bi-link-45deg", "Copy link", copyLink);
    document.body.append(menu);
    menu.style.top = `${place.bottom + scrollY + 4}px`;
    menu.style.left = `${Math.max(8, place.right + scrollX - menu.offsetWidth)}px`;
    button.setAttribute("aria-expanded", "true");
    open = { menu, button };
    menu.firstChild.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest('[data-menu="card"]'), again = open && open.button === button;
    if (!event.target.closest(".card-menu")) shut(false);
    if (button && !again) show(button);
  });
  document.addEventListener("keydown", (event) => {
    if (!open) return;
    const rows = [...open.menu.children], at = rows.indexOf(document.activeElement);
    if (event.key === "Escape") shut(true);
    else if (event.key === "Tab") shut(false);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      rows[(at + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length].focus();
      event.preventDefault();
    }
  });
})();
