// Dash's clientside callbacks, called by name from Python (ClientsideFunction("ecap", …)).
(function () {
  const FILTERS = ["channel", "country", "device"];

  // "!" among the chosen values means all but the others; in the URL it stands first.
  function filterText(values) {
    const named = (values || []).filter((value) => value !== "!");
    return named.length ? ((values || []).includes("!") ? "!" : "") + named.join(",") : "";
  }

  function setOrDelete(query, name, value) { if (value) query.set(name, value); else query.delete(name); }

  // The query of the page with the bar's values in it: defaults left out, unknown parameters kept.
  function scopeQuery(search, chosen) {
    const query = new URLSearchParams(search || "");
    const ownDays = chosen.period === "days" && chosen.first && chosen.last;
    setOrDelete(query, "period", chosen.period === "28d" || chosen.period === "days" ? "" : chosen.period);
    setOrDelete(query, "from", ownDays ? chosen.first.slice(0, 10) : "");
    setOrDelete(query, "to", ownDays ? chosen.last.slice(0, 10) : "");
    setOrDelete(query, "compare", chosen.compare === "previous" || chosen.compare === "from" ? "" : chosen.compare);
    setOrDelete(query, "compare_from", chosen.compare === "from" && chosen.compareFrom ? chosen.compareFrom.slice(0, 10) : "");
    FILTERS.forEach((name, n) => setOrDelete(query, name, filterText(chosen.filters[n])));
    setOrDelete(query, "tz", chosen.tz);
    setOrDelete(query, "bots", chosen.bots ? "1" : "");
    const text = query.toString().replaceAll("%2C", ",").replaceAll("%21", "!");
    return text ? "?" + text : "";
  }

  const clientside = (window.dash_clientside = window.dash_clientside || {});
  clientside.ecap = {
    // The server reads theme.css; the browser needs the pairs of chart colours for switching themes in place.
    keepPairs(pairs) { clientside.ecapPairs = pairs; return clientside.no_update; },

    keepScope(period, first, last, compare, compareFrom, ...rest) {
      const filters = rest.slice(0, FILTERS.length), [tz, bots, search, stored] = rest.slice(FILTERS.length);
      const shut = [period !== "days", compare !== "from"];
      // The first call of a page names all inputs at once, a change names one or two.
      if (clientside.callback_context.triggered.length === 5 + rest.length - 2) return [clientside.no_update, stored, ...shut];
      const wanted = scopeQuery(search, { period, first, last, compare, compareFrom, filters, tz, bots });
      // Components report their values once more when they are drawn; that changes nothing and asks nothing again.
      const now = scopeQuery(search, readBack(search)), same = wanted === now || wanted === (search || "");
      const unfinished = (period === "days" && !(first && last)) || (compare === "from" && !compareFrom);
      const keep = same || unfinished ? clientside.no_update : wanted;
      return [keep, keep, ...shut];
    },

    switchShop(tenant) { if (tenant) window.ecap.switchShop(tenant, "/app/"); return clientside.no_update; },
  };

  // What the query says, in the bar's own terms, so that two spellings of the same scope compare as equal.
  function readBack(search) {
    const query = new URLSearchParams(search || ""), ownDays = query.has("from") && query.has("to");
    return {
      period: ownDays ? "days" : query.get("period") || "28d", first: query.get("from"), last: query.get("to"),
      compare: query.has("compare_from") ? "from" : query.get("compare") || "previous", compareFrom: query.get("compare_from"),
      filters: FILTERS.map((name) => {
        const text = query.get(name) || "";
        return [...(text.startsWith("!") ? ["!"] : []), ...text.replace(/^!/, "").split(",").filter(Boolean)];
      }),
      tz: query.get("tz"), bots: query.get("bots") === "1",
    };
  }
})();
