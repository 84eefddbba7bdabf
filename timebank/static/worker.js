/* Looks after pages where there is no network: the network comes first, always, and only for reading. What is kept belongs to
   one sign-in; another one, or none, empties it. Presses are never caught here: the page queues them (queue.js). */
"use strict";
const PAGES = "timebank-pages";
const SHELL = "timebank-shell";
const OWNER = "/owner-of-kept-pages";
const KEPT = [/^\/volunteer$/, /^\/teams$/, /^\/teams\/[^/]+\/shifts\/[^/]+(\/close)?$/, /^\/services\/[^/]+$/];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(SHELL)
      .then((shell) => shell.add(new Request("/offline", { credentials: "omit" })))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function belongsTo(owner) {
  const shell = await caches.open(SHELL);
  const before = await shell.match(OWNER);
  if (before && (await before.text()) === owner) return;
  await caches.delete(PAGES);
  await shell.put(OWNER, new Response(owner));
}

async function keepPage(url, answer) {
  const owner = answer.headers.get("x-csrftoken") || "";
  await belongsTo(owner);
  if (!owner || !answer.ok || answer.redirected || !KEPT.some((path) => path.test(url.pathname))) return;
  await (await caches.open(PAGES)).put(url.pathname, answer);
}

async function readPage(request) {
  const url = new URL(request.url);
  try {
    const answer = await fetch(request);
    if (answer.type === "basic") await keepPage(url, answer.clone());
    return answer;
  } catch (gone) {
    const kept = await (await caches.open(PAGES)).match(url.pathname);
    return kept || (await (await caches.open(SHELL)).match("/offline"));
  }
}

async function readFile(request) {
  const shell = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok) await shell.put(request, answer.clone());
    return answer;
  } catch (gone) {
    return (await shell.match(request)) || Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(readPage(event.request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(readFile(event.request));
});

/* The page that brought this worker was read before it was there. */
self.addEventListener("message", (event) => {
  for (const address of event.data.keep || []) {
    const url = new URL(address);
    const reading = url.pathname.startsWith("/static/") ? readFile(new Request(url)) : readPage(new Request(url));
    event.waitUntil(reading.catch(() => undefined));
  }
});
