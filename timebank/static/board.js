/* A visit on the board is drawn to another helper, day or hour: the page that chooses opens with that choice and its price, and
   nothing is decided before its button is pressed. Without this file each visit is a link to the same page. */
"use strict";
(function () {
  const board = document.querySelector("[data-board]");
  if (!board) return;
  let drawn = null;
  board.querySelector("[data-drags]").hidden = false;
  for (const chip of board.querySelectorAll(".chip")) chip.draggable = true;

  function over(cell) {
    for (const one of board.querySelectorAll("td.over")) one.classList.remove("over");
    if (cell) cell.classList.add("over");
  }

  board.addEventListener("dragstart", (event) => {
    drawn = event.target.closest(".chip");
    if (!drawn) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", drawn.textContent);
  });
  board.addEventListener("dragover", (event) => {
    const cell = drawn && event.target.closest("td[data-line]");
    over(cell);
    if (cell) event.preventDefault();
  });
  board.addEventListener("dragend", () => { over(null); drawn = null; });
  board.addEventListener("drop", (event) => {
    const cell = drawn && event.target.closest("td[data-line]");
    if (!cell) return;
    event.preventDefault();
    if (cell.contains(drawn)) return;
    const to = new URL(drawn.href);
    to.searchParams.set("who", `line:${cell.dataset.line}`);
    to.searchParams.set("on", cell.dataset.on);
    if (cell.dataset.at) to.searchParams.set("at", cell.dataset.at);
    window.location.assign(to);
  });
})();
