/* The grid of the paper roster: arrows and Enter move, Ctrl+Z gives the cell back what it held, and the sums follow. Without this
   file Tab moves, and the server reads and adds up the same. */
"use strict";
(function () {
  const table = document.querySelector("[data-grid]");
  if (!table) return;
  const rows = [...table.tBodies[0].rows];
  const cells = rows.map((row) => [...row.querySelectorAll("[data-cell]")]);
  const said = document.querySelector("[data-sums]");

  function minutesOf(text) {
    const found = text.normalize("NFKC").replace(/\s/g, "").match(/^(\d{1,2})[:.h]?(\d{2})$/) || text.match(/^(\d{1,2})$/);
    return found ? Number(found[1]) * 60 + Number(found[2] || 0) : null;
  }

  function add() {
    let heads = 0, all = 0;
    const above = ["", ""];
    cells.forEach((pair, at) => {
      const now = pair.map((cell, column) => {
        const typed = cell.value.trim() === "=" ? above[column] : cell.value.trim();
        if (minutesOf(typed) !== null) above[column] = typed;
        return minutesOf(typed);
      });
      const stay = now[0] !== null && now[1] !== null ? (now[1] - now[0] + 1440) % 1440 : null;
      if (now[0] !== null) heads += 1;
      all += stay || 0;
      rows[at].querySelector("[data-minutes]").textContent = stay === null ? "" : stay;
    });
    said.textContent = [heads, all].reduce((text, number) => text.replace("#", number), said.dataset.said);
  }

  table.addEventListener("focusin", (event) => {
    if (!event.target.matches("[data-cell]")) return;
    event.target.dataset.held = event.target.value;
    event.target.select();
  });

  table.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!cell.matches("[data-cell]") || event.isComposing) return;
    const row = cells.findIndex((pair) => pair.includes(cell));
    const column = Number(cell.dataset.cell);
    const whole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
    const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], Enter: column ? [1, -1] : [0, 1] };
    if (whole || !cell.value) Object.assign(steps, { ArrowRight: [0, 1], ArrowLeft: [0, -1] });
    if (event.ctrlKey && event.key.toLowerCase() === "z") {
      cell.value = cell.dataset.held || "";
      event.preventDefault();
      add();
      return;
    }
    const step = steps[event.key];
    if (!step) return;
    const next = (cells[row + step[0]] || [])[column + step[1]];
    event.preventDefault();
    if (next) next.focus();
  });

  table.addEventListener("input", add);
  add();
})();
