/* Small comforts that a page does without when there is no JavaScript: reading aloud, printing, a word when the network is
   gone, and a form that knows after Back that it was sent. Buttons for them are hidden in the HTML and shown only here, when
   they would really work. */
"use strict";
(function () {
  const lang = document.documentElement.lang || "zh-CN";

  // A page of hers says one sentence made for the ear; any other is read as it stands.
  const ear = document.querySelector("template[data-ear]");

  function voice() {
    if (!("speechSynthesis" in window)) return undefined;
    const spoken = lang.slice(0, 2);
    return speechSynthesis.getVoices().find((v) => v.lang.replace("_", "-").toLowerCase().startsWith(spoken));
  }

  function readAloud(button) {
    if (speechSynthesis.speaking) {
      speechSynthesis.cancel();
      button.setAttribute("aria-pressed", "false");
      return;
    }
    const words = new SpeechSynthesisUtterance(ear ? ear.content.textContent.trim() : document.querySelector("main").innerText);
    words.voice = voice();
    words.lang = lang;
    words.rate = 0.85;
    words.onend = () => button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", "true");
    speechSynthesis.speak(words);
  }

  // Without a voice the sentence is shown as large as it goes; it ends with a press anywhere.
  function showLarge() {
    const shown = document.createElement("dialog");
    shown.className = "ear-shown";
    shown.textContent = ear.content.textContent.trim();
    shown.addEventListener("click", () => shown.close());
    shown.addEventListener("close", () => shown.remove());
    document.body.append(shown);
    shown.showModal();
  }

  for (const button of document.querySelectorAll("[data-read]")) {
    const show = () => { button.hidden = !(voice() || ear); };
    show();
    if ("speechSynthesis" in window) speechSynthesis.addEventListener("voiceschanged", show);
    button.addEventListener("click", () => (voice() ? readAloud(button) : showLarge()));
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = button.dataset.done;
    });
  }

  const offline = document.getElementById("offline");
  if (offline) {
    document.body.addEventListener("htmx:sendError", () => { offline.hidden = false; });
    window.addEventListener("online", () => { offline.hidden = true; });
  }

  // Keys of a sheet that is worked off from the top: each presses the first button that carries it.
  /* data-keys="first": the same keys stand in every slip, and mean the one in hand or the first; never one further down. */
  const keyed = document.querySelector("[data-keys]");
  if (keyed) {
    const first = keyed.dataset.keys === "first";
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input:not([type=hidden], [type=checkbox]), textarea, select, [contenteditable]");
      if (typing || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      const row = event.target.closest(".slip") || (first && keyed.querySelector(".slip"));
      const here = `[data-key="${CSS.escape(event.key.toLowerCase())}"]`;
      const button = (row && row.querySelector(here)) || [...document.querySelectorAll(here)].find((one) => !first || !one.closest(".slip"));
      if (!button) return;
      event.preventDefault();
      button.click();
    });
  }

  /* Each form carries a key, and the server does each key once. A page that is shown again by Back comes with new keys: the
     same words sent once more take the old key, so that they are told to be there already, and other words are a new press. */
  const KEY = "idempotency_key";
  const returned = performance.getEntriesByType("navigation").some((entry) => entry.type === "back_forward");
  const before = (returned && history.state && history.state.sent) || [];
  const sentHere = new Set();

  function written(form) {
    const fields = [...new FormData(form)].filter(([name, value]) => name !== KEY && name !== "_csrf_token" && typeof value === "string");
    let mark = 0;
    for (const letter of form.getAttribute("action") + JSON.stringify(fields)) mark = (Math.imul(31, mark) + letter.codePointAt(0)) | 0;
    return mark;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const key = [...form.querySelectorAll(`input[name="${KEY}"]`)].pop();
    if (!key || event.defaultPrevented || form.method !== "post") return;
    const state = history.state || {};
    const mark = written(form);
    const same = before.concat(state.sent || []).find((one) => one.mark === mark);
    if (same) key.value = same.key;
    else if (sentHere.has(key.value)) key.value = crypto.getRandomValues(new Uint32Array(4)).join("-");
    sentHere.add(key.value);
    const sent = [...(state.sent || []).filter((one) => one.mark !== mark), { mark, key: key.value }].slice(-20);
    history.replaceState({ ...state, sent }, "");
  });

  const errors = document.getElementById("errors");
  // A page that says where the next key goes has said so.
  if (errors && !document.querySelector("[autofocus]")) errors.focus();
})();
