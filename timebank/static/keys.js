/* The telephone sheet by keys alone: Enter goes to the next question, a digit says what is asked and moves on, r opens what is
   open already. Without this file each Enter is a page of its own, and every key still does the same. */
"use strict";
(function () {
  const asked = ["phone", "name", "address", "area", "kind", "what", "when", "note"];

  function go(id) {
    const field = document.getElementById(id);
    if (!field) return;
    field.focus();
    if (field.select) field.select();
  }

  document.addEventListener("focusin", (event) => {
    const form = event.target.closest("[data-sheet] form");
    if (form && form.elements.at && asked.includes(event.target.name)) form.elements.at.value = event.target.name;
  });

  document.addEventListener("keydown", (event) => {
    const next = event.target.dataset && event.target.dataset.next;
    if (event.key !== "Enter" || event.isComposing || !next) return;
    event.preventDefault();
    go(next);
  });

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("[data-digit]")) return;
    const key = field.value.normalize("NFKC").toLowerCase();
    if (key === "r") {
      const filed = document.querySelector("[data-filed]");
      field.value = "";
      if (filed) filed.open = !filed.open;
    } else if (/^[1-6]$/.test(key)) {
      field.value = key;
      go(key === "6" ? "f-what" : field.dataset.next);
    } else if (/^[09]$/.test(key)) {
      field.value = key;
      field.form.requestSubmit(field.form.querySelector("button[value=next]"));
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-next]")) go(event.target.dataset.next);
  });
})();
