// The frame: what opens and closes, the search for pages, switching shops, messages that go away.
(function () {
  const ecap = (window.ecap = window.ecap || {});
  const byId = (id) => document.getElementById(id);
  const cookie = (name) => (document.cookie.match(`(?:^|; )${name}=([^;]+)`) || [])[1];
  const setProps = (...args) => window.dash_clientside.set_props(...args);

  ecap.post = (path, body) => fetch(path, {
    method: "POST", credentials: "same-origin", body: body && JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRF-TOKEN": cookie("csrf_access_token") || "" },
  });

  // Dash listens to this event: the page changes without loading the document anew.
  ecap.go = (path) => { history.pushState({}, "", path); window.dispatchEvent(new CustomEvent("_dashprivate_pushstate")); scrollTo(0, 0); };

  // Back and forward. What the scope bar and the pages write into the URL is not known to the router of Dash, so it would
  // see no change here; told anew, it draws the page of this address.
  window.addEventListener("popstate", () => setTimeout(() => setProps("_pages_location", { pathname: location.pathname, search: location.search })));

  // A link to a card: the card comes later than the address. The hash goes, so that it is in nobody's way.
  const wanted = location.hash.slice(1);
  if (wanted) {
    history.replaceState({}, "", location.pathname + location.search);
    const waiting = new MutationObserver(() => {
      const card = byId(wanted);
      if (card) { waiting.disconnect(); card.scrollIntoView({ block: "center" }); }
    });
    waiting.observe(document.documentElement, { childList: true, subtree: true });
    setTimeout(() => waiting.disconnect(), 10000);
  }

  ecap.open = (id) => {
    const target = byId(id);
    if (target instanceof HTMLDialogElement) target.showModal(); else setProps(id, { is_open: true });
  };

  ecap.say = (text, stays = false) => {
    const note = document.createElement("div"), word = document.createElement("span");
    note.className = "note"; word.textContent = text; note.append(word);
    if (stays) note.dataset.stays = "true";
    byId("said").append(note);
  };

  ecap.switchShop = async (tenant, path) => {
    const answer = await ecap.post("/app/switch", { tenant });
    if (answer.ok) location.assign(path);
    else ecap.say("The shop could not be changed. Sign in again.", true);
  };

  // The pages that this account may see, as the sidebar got them.
  const pages = () => JSON.parse(byId("page-list")?.dataset.pages || "[]");
  ecap.pageOfKey = (key) => pages().find((page) => page.key === key)?.path;

  function row(page) {
    const link = document.createElement("a"), sign = document.createElement("i"), name = document.createElement("span"), area = document.createElement("small");
    link.href = page.path; link.className = "pop-row"; link.setAttribute("role", "option");
    sign.className = `bi ${page.icon}`; name.textContent = page.title; area.textContent = page.key ? `g ${page.key}` : page.area;
    link.append(sign, name, area);
    return link;
  }
  function find(text) {
    const wanted = text.trim().toLowerCase(), list = byId("found");
    const hits = wanted ? pages().filter((page) => `${page.title} ${page.area} ${page.question}`.toLowerCase().includes(wanted)) : pages();
    // A title that begins with the text comes before one that only mentions it in its question.
    hits.sort((a, b) => b.title.toLowerCase().startsWith(wanted) - a.title.toLowerCase().startsWith(wanted));
    const none = document.createElement("div");
    none.className = "pop-who quiet"; none.textContent = "No page of that name";
    list.replaceChildren(...(hits.length ? hits.slice(0, 8).map(row) : [none]));
    list.firstChild.classList.toggle("is-chosen", hits.length > 0);
    list.hidden = false;
  }
  function moveIn(list, step) {
    const rows = [...list.querySelectorAll(".pop-row")], at = rows.findIndex((r) => r.classList.contains("is-chosen"));
    rows.forEach((r, n) => r.classList.toggle("is-chosen", n === Math.min(Math.max(at + step, 0), rows.length - 1)));
  }
  document.addEventListener("focusin", (event) => { if (event.target.id === "search") find(event.target.value); });
  document.addEventListener("input", (event) => {
    if (event.target.id === "search") find(event.target.value);
    if (event.target.closest("[data-narrows]")) {
      const wanted = event.target.value.toLowerCase();
      byId("shops").querySelectorAll("[data-switch]").forEach((r) => { r.hidden = !r.textContent.toLowerCase().includes(wanted); });
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "search") {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { moveIn(byId("found"), event.key === "ArrowDown" ? 1 : -1); event.preventDefault(); }
      if (event.key === "Enter") { byId("found").querySelector(".is-chosen")?.click(); event.preventDefault(); }
    }
    if (event.key === "Escape") { shutPops(); if (event.target.id === "search") event.target.blur(); }
  });

  // React keeps `hidden` of the shops, so only Dash may change it; the others are ours.
  function shutPops(except) {
    document.querySelectorAll(".side .pop:not([hidden])").forEach((pop) => {
      if (pop === except) return;
      if (pop.id === "shops") setProps("shops", { hidden: true }); else pop.hidden = true;
    });
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector), root = document.documentElement;
    const pop = on("[data-pop]"), shop = on("[data-switch]"), opener = on("[data-open]"), closer = on("[data-close]"), found = on(".found a");
    if (pop || !on(".pop, .side-search") || opener || shop || found) shutPops(pop && byId(pop.dataset.pop));
    if (pop && pop.dataset.pop !== "shops") byId(pop.dataset.pop).hidden = !byId(pop.dataset.pop).hidden;
    if (found && !event.ctrlKey && !event.metaKey) { event.preventDefault(); byId("search").blur(); ecap.go(found.getAttribute("href")); }
    if (shop) ecap.switchShop(shop.dataset.switch, shop.dataset.here ? location.pathname + location.search : "/app/");
    if (opener) ecap.open(opener.dataset.open);
    if (closer?.dataset.close === "dialog") closer.closest("dialog").close();
    else if (closer?.dataset.close === "toast") closer.closest(".note").hidden = true;
    else if (closer) setProps(closer.dataset.close, { is_open: false });
    if (on(".skip")) { event.preventDefault(); byId("main").focus(); }
    if (event.target instanceof HTMLDialogElement) event.target.close();
    if (on("[data-sign-out]")) ecap.post("/logout").then(() => location.assign("/login"));
    if (on("[data-clear-filters]")) ["channel", "country", "device"].forEach((name) => setProps(`scope-${name}`, { value: [] }));
    const retry = on("[data-retry]");
    if (retry) setProps(`${retry.dataset.retry}-retry`, { data: Date.now() });
    // The sheet of narrow screens closes when a page is chosen or the rest of the screen is touched.
    root.classList.toggle("side-open", Boolean(on("#open-side")) || (root.classList.contains("side-open") && Boolean(on(".side")) && !on("a")));
  });

  // Messages go after ten seconds, those that ask for attention stay. Hidden, not removed: React would look for them.
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) {
      if (node.classList?.contains("note") && !node.dataset.stays) setTimeout(() => { node.hidden = true; }, 10000);
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
