// Behaviour that belongs to no page: theme switch, tooltips, single-key shortcuts, copying.
(function () {
  const root = document.documentElement;

  // Theme. CSS follows the attribute at once; figures get their colours swapped in place, token by token, without a request.
  function switchTheme() {
    const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    root.dataset.bsTheme = theme;
    const pairs = (window.dash_clientside.ecapPairs || []).map(([light, dark]) => (theme === "dark" ? [light, dark] : [dark, light]));
    const table = new Map(pairs.map(([from, to]) => [from.toLowerCase(), to]));
    const swap = (value) => {
      if (typeof value === "string") return table.get(value.toLowerCase()) || value;
      if (Array.isArray(value)) return value.map(swap);
      if (value && Object.getPrototypeOf(value) === Object.prototype) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, swap(v)]));
      return value;
    };
    document.querySelectorAll(".dash-graph .js-plotly-plot").forEach((plot) => {
      const { data, layout } = plot, id = plot.parentElement.id;
      // meta holds the table of the chart, which has no colours in it.
      if (id) window.dash_clientside.set_props(id, { figure: { data: swap(data), layout: { ...swap({ ...layout, meta: null }), meta: layout.meta } } });
    });
  }

  // Tooltips: one element for the whole page, so nothing clips it. Shown on hover and on keyboard focus; Escape hides it.
  const tip = document.createElement("div");
  tip.className = "tip"; tip.id = "tip"; tip.setAttribute("role", "tooltip"); tip.hidden = true;
  let waiting, described;
  function show(target) {
    if (!target.dataset.tip || !target.isConnected) return;
    tip.textContent = target.dataset.tip;
    document.body.append(tip);
    tip.hidden = false;
    described = target;
    target.setAttribute("aria-describedby", "tip");
    const place = target.getBoundingClientRect(), own = tip.getBoundingClientRect();
    const below = place.bottom + 8 + own.height < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(place.left, innerWidth - own.width - 8))}px`;
    tip.style.top = `${below ? place.bottom + 6 : place.top - own.height - 6}px`;
  }
  function hide() {
    clearTimeout(waiting);
    tip.hidden = true;
    described?.removeAttribute("aria-describedby");
    described = null;
  }
  const tipped = (event) => event.target.closest && event.target.closest("[data-tip]");
  document.addEventListener("mouseover", (e) => { hide(); const t = tipped(e); if (t) waiting = setTimeout(show, 350, t); });
  // A tile is focused as a whole; the definition belongs to the word inside it.
  document.addEventListener("focusin", (e) => {
    hide();
    const t = tipped(e) || e.target.querySelector?.(":scope > .term[data-tip]");
    if (t && e.target.matches(":focus-visible")) show(t);
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("click", hide, true);
  document.addEventListener("scroll", hide, true);

  // Keys. Anything with data-key="x" is clicked by x, so pages add shortcuts without JavaScript.
  const TYPED = "input, textarea, select, [contenteditable], .dash-dropdown-content, .dash-datepicker-content";
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest || event.target.closest(TYPED)) return;
    const key = event.key.toLowerCase(), path = Date.now() - going < 900 && window.ecap.pageOfKey(key);
    going = 0;
    if (path) window.ecap.go(path);
    else if (key === "g") going = Date.now();
    else if (key === "?") window.ecap.open("help");
    else if (key === "p") document.querySelector(".chip-period .dash-dropdown")?.click();
    else if (key === "/") { document.getElementById("search")?.focus(); event.preventDefault(); }
    else {
      const target = document.querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`);
      if (target && target.offsetParent) { target.click(); event.preventDefault(); }
    }
  });

  function copied(button) {
    const word = button.querySelector("span"), sign = button.querySelector("i"), before = [word.textContent, sign.className];
    word.textContent = "Copied"; sign.className = "bi bi-check-lg";
    setTimeout(() => { [word.textContent, sign.className] = before; }, 2000);
  }

  document.addEventListener("click", (event) => {
    const copier = event.target.closest("[data-copy]");
    if (copier) navigator.clipboard?.writeText(copier.dataset.copy).then(() => copied(copier), () => {});
    if (event.target.closest("#toggle-theme")) switchTheme();
  });
})();
