/* Small comforts that a page does without when there is no JavaScript: reading aloud, printing, and a word when the
   network is gone. Buttons for them are hidden in the HTML and shown only here, when they would really work. */
"use strict";
(function () {
  const lang = document.documentElement.lang || "zh-CN";

  function voice() {
    const spoken = lang.slice(0, 2);
    return speechSynthesis.getVoices().find((v) => v.lang.replace("_", "-").toLowerCase().startsWith(spoken));
  }

  function readAloud(button) {
    if (speechSynthesis.speaking) {
      speechSynthesis.cancel();
      button.setAttribute("aria-pressed", "false");
      return;
    }
    const words = new SpeechSynthesisUtterance(document.querySelector("main").innerText);
    words.voice = voice();
    words.lang = lang;
    words.rate = 0.85;
    words.onend = () => button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", "true");
    speechSynthesis.speak(words);
  }

  for (const button of document.querySelectorAll("[data-read]")) {
    if (!("speechSynthesis" in window)) break;
    const show = () => { button.hidden = !voice(); };
    show();
    speechSynthesis.addEventListener("voiceschanged", show);
    button.addEventListener("click", () => readAloud(button));
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  const offline = document.getElementById("offline");
  if (offline) {
    document.body.addEventListener("htmx:sendError", () => { offline.hidden = false; });
    window.addEventListener("online", () => { offline.hidden = true; });
  }

  const errors = document.getElementById("errors");
  // A page that says where the next key goes has said so.
  if (errors && !document.querySelector("[autofocus]")) errors.focus();
})();
