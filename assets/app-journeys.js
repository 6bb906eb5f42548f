// The search for a person: arrow keys choose a hit, Enter opens it, Escape empties the field.
(function () {
  const rows = () => [...document.querySelectorAll(".hits .hit-row")];
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "journey-q") return;
    const list = rows(), at = list.findIndex((row) => row.classList.contains("is-chosen"));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      list.forEach((row, n) => row.classList.toggle("is-chosen", n === Math.min(Math.max(at + step, 0), list.length - 1)));
      event.preventDefault();
    }
    if (event.key === "Enter" && list[at]) { list[at].click(); event.preventDefault(); }
    if (event.key === "Escape") window.dash_clientside.set_props("journey-q", { value: "" });
  });
})();
