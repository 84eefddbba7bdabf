/* Presses made without a network wait on the phone, are sent once each and in their order, and say so until they are sent.
   A press is shown as made only after it is on the disk. */
"use strict";
(function () {
  const root = document.getElementById("queue");
  if (!root || !("indexedDB" in window) || !navigator.locks) return;
  const say = root.dataset;
  const member = say.page.split(".")[0];
  const boot = crypto.getRandomValues(new Uint32Array(2)).join("-");
  const lang = document.documentElement.lang === "en" ? "en" : "zh";
  const RETRY_MS = 30000;

  /* The distance of our clock from this one, at the last page that really came from the server: one that was kept here has
     been seen before. */
  function distance() {
    const kept = JSON.parse(localStorage.getItem("timebank.clock") || "null");
    if (kept && kept.made === say.made) return kept.skew;
    const skew = Number(say.made) - Date.now();
    localStorage.setItem("timebank.clock", JSON.stringify({ made: say.made, skew }));
    return skew;
  }
  const skew = distance();

  /* --- what waits */

  const opened = new Promise((done, failed) => {
    const asked = indexedDB.open("timebank", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("queue", { keyPath: "seq", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });

  async function write(change) {
    const database = await opened;
    return new Promise((done, failed) => {
      const step = database.transaction("queue", "readwrite", { durability: "strict" });
      change(step.objectStore("queue"));
      step.oncomplete = () => done();
      step.onerror = step.onabort = () => failed(step.error);
    });
  }

  async function waiting() {
    const database = await opened;
    return new Promise((done, failed) => {
      const asked = database.transaction("queue").objectStore("queue").getAll();
      asked.onsuccess = () => done(asked.result.filter((one) => one.member === member));
      asked.onerror = () => failed(asked.error);
    });
  }

  /* --- what is pressed */

  function newId() {
    const random = [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const hex = Date.now().toString(16).padStart(12, "0") + "7" + random.slice(1, 4) + "8" + random.slice(5);
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
  }

  const PART = /^\/attendances\/([A-Z0-9]+)\/(tick|undo|check-in|check-out)$/;
  const SHIFT = /^\/teams\/[^/]+\/shifts\/([A-Z0-9]+)\/(walk-ups|close)$/;

  function pressed(form, submitter) {
    const action = new URL((submitter && submitter.getAttribute("formaction")) || form.getAttribute("action") || "", location.href).pathname;
    const fields = new FormData(form);
    const text = (name) => String(fields.get(name) || "");
    const part = PART.exec(action);
    if (part) {
      if (text("code")) return null;  // the digits are checked at once, or not at all
      const at = text("at");
      const op = { tick: "tick", undo: "untick", "check-in": "arrive", "check-out": at ? "leave_for" : "leave" }[part[2]];
      return { op, part: part[1], at, shown: action };
    }
    const shift = SHIFT.exec(action);
    if (!shift) return null;
    if (shift[2] === "close") return { op: "close", service: shift[1], at: text("at"), absent: text("absent") === "known", shown: action };
    return {
      op: "walk_up", service: shift[1], known: text("member"), name: text("name"), phone: text("phone"),
      minor: text("minor") === "yes", first_time: text("first_time") === "yes", shown: action,
      called: text("name") || nameBeside(form),
    };
  }

  function nameBeside(form) {
    const row = form.closest("li");
    return row && row.querySelector(".name") ? row.querySelector(".name").textContent : "";
  }

  async function queue(press) {
    const one = {
      ...press, id: newId(), member, page: say.page, said: Date.now(), steady: Math.round(performance.now()), boot, skew,
      state: "waits",
    };
    await write((store) => store.add(one));
    await show();
    send();
  }

  async function reachable() {
    if (!navigator.onLine) return false;
    try {
      return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(2500) })).ok;
    } catch (gone) {
      return false;
    }
  }

  const through = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (through.delete(form)) return;
    const press = pressed(form, event.submitter);
    if (!press || (navigator.onLine && form.hasAttribute("hx-post"))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    reachable().then((there) => {
      if (!there) return queue(press);
      through.add(form);
      form.requestSubmit(submitter);
    });
  }, true);
  document.body.addEventListener("htmx:sendError", (event) => {
    const form = event.detail.elt.closest("form");
    const press = form && pressed(form, null);
    if (press) queue(press);
  });

  /* --- sending: one tab at a time, in order; what is refused keeps nothing else back */

  let asksSignIn = false;

  function token() {
    const field = document.querySelector('input[name="_csrf_token"]');
    return field ? field.value : "";
  }

  async function sendOne(one) {
    const body = {
      id: one.id, op: one.op, page: one.page, part: one.part || "", service: one.service || "", said: one.said,
      steady: one.steady, boot: one.boot, skew: one.skew, sent_said: Date.now(), sent_steady: Math.round(performance.now()),
      sent_boot: boot, at: one.at || null, known: one.known || "", name: one.name || "", phone: one.phone || "",
      minor: Boolean(one.minor), first_time: Boolean(one.first_time), absent: Boolean(one.absent),
    };
    const answer = await fetch("/queue", {
      method: "POST", headers: { "content-type": "application/json", accept: "application/json", "x-csrftoken": token() },
      body: JSON.stringify(body),
    });
    if (answer.status === 401 || answer.status === 403) {
      asksSignIn = true;
      return false;
    }
    if (answer.status >= 500 || answer.status === 429) return false;
    const said = await answer.json();
    if (answer.ok && said.state === "done") await write((store) => store.delete(one.seq));
    else {
      const words = (lang === "en" ? said.en : said.zh) || say.unread;
      await write((store) => store.put({ ...one, state: answer.ok ? said.state : "refused", words }));
    }
    return true;
  }

  async function send() {
    let sent = 0;
    await navigator.locks.request("timebank.queue", async () => {
      for (const one of await waiting()) {
        if (one.state !== "waits") continue;
        try {
          if (!(await sendOne(one))) break;
          sent += 1;
        } catch (gone) {
          break;
        }
      }
    });
    // What was marked here has to be looked at before the marks go: a row without its mark would offer the press again.
    const shown = document.querySelector("[data-waits]") !== null;
    await show();
    const left = (await waiting()).some((one) => one.state === "waits");
    if (sent && !left && shown && !typing()) location.reload();
  }

  /* Whether somebody is in the middle of a word that a new page would lose. */
  function typing() {
    const field = document.activeElement;
    return Boolean(field && field.matches("input:not([type=checkbox]):not([type=radio]), textarea") && field.value);
  }

  /* --- what is said */

  async function receipt(id) {
    const words = await (await fetch(say.words)).json();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id)));
    const { first, second } = words[lang];
    return first[digest[0] % first.length] + (lang === "en" ? " " : "") + second[digest[1] % second.length];
  }

  function element(tag, text, kind = "") {
    const made = document.createElement(tag);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }

  function takeBack(one) {
    const button = element("button", say.back, "btn calm small");
    button.type = "button";
    button.addEventListener("click", async () => {
      await write((store) => store.delete(one.seq));
      location.reload();
    });
    return button;
  }

  const marked = new Set();
  const standing = new Map();  // what a page looked like before a press was marked on it

  async function mark(one) {
    if (marked.has(one.id)) return;
    marked.add(one.id);
    const word = await receipt(one.id).catch(() => "");
    const note = element("p", `${say[one.op]}${say.notSent}${word ? ` · ${say.receipt}${word}` : ""}`, "waits");
    note.dataset.waits = one.id;
    const forms = [...document.querySelectorAll("form[action]")];
    const form = forms.find((each) => new URL(each.getAttribute("action"), location.href).pathname === one.shown);
    if (one.op === "walk_up") {
      const list = document.querySelector("ul.roll");
      const row = element("li", "");
      row.append(element("span", one.called || one.name, "name"), note, takeBack(one));
      (list || root).append(row);
      return;
    }
    const beside = form || document.querySelector(`[formaction="${one.shown}"]`);
    if (!beside) return;
    const button = takeBack(one);
    const row = beside.closest("li");
    const said = row && row.querySelector(".note");
    const hidden = said ? [beside, said] : [beside];
    for (const each of hidden) each.hidden = true;
    beside.after(button);
    (said || button).before(note);
    standing.set(one.id, () => {
      for (const each of hidden) each.hidden = false;
      button.remove();
    });
  }

  async function show() {
    const all = await waiting();
    for (const old of document.querySelectorAll("[data-waits]")) {
      if (all.some((one) => one.id === old.dataset.waits && one.state === "waits")) continue;
      old.remove();
      if (standing.has(old.dataset.waits)) standing.get(old.dataset.waits)();
    }
    for (const one of all) if (one.state === "waits") await mark(one);
    const left = all.filter((one) => one.state === "waits").length;
    const refused = all.filter((one) => one.state !== "waits");
    root.querySelector("[data-left]").textContent = left ? say.left.replace("#", String(left)) : "";
    const signIn = root.querySelector("[data-sign-in]");
    signIn.hidden = !(left && asksSignIn);
    const list = root.querySelector("[data-refused]");
    list.replaceChildren(...refused.map((one) => {
      const item = element("li", `${say[one.op]}${one.called ? ` ${one.called}` : ""}：${one.words} `);
      const seen = element("button", say.seen, "btn calm small");
      seen.type = "button";
      seen.addEventListener("click", async () => {
        await write((store) => store.delete(one.seq));
        await show();
      });
      item.append(seen);
      return item;
    }));
    root.querySelector("[data-title]").hidden = !refused.length;
    root.hidden = !(left || refused.length);
  }

  /* --- from now on */

  window.addEventListener("online", send);
  setInterval(send, RETRY_MS);
  show().then(send);
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then((worker) => {
      const files = performance.getEntriesByType("resource").map((entry) => entry.name);
      const ours = files.filter((name) => name.startsWith(`${location.origin}/static/`));
      if (!navigator.serviceWorker.controller) worker.active.postMessage({ keep: [location.href, ...ours, new URL(say.words, location.href).href] });
      else fetch(say.words);
      if (SHIFT.test(`${location.pathname}/close`)) worker.active.postMessage({ keep: [`${location.origin}${location.pathname}/close`] });
    });
  }
})();
