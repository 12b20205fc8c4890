// Keeps pages to be read without a network (members/offline): the newest weeks whole, and what was opened. What is kept
// belongs to one reader; when a page says that another one reads, or nobody, all of it goes.

const { SITE } = self; // the addresses, told by the server in front of this script
const SHELL = "xinwenku-shell"; // scripts, styles, and the page that is shown when nothing else is there
const OPENED = "xinwenku-opened-"; // with the reader's mark behind it; so are the weeks
const WEEKS = "xinwenku-weeks-";
const MOST_OPENED = 60; // pages and figures; what was opened longest ago goes first
const MOST_ASSETS = 300; // scripts and styles of some versions of the site
const PATIENCE = 6000; // milliseconds that a bad network has, where the page is kept
const PAUSE = 600_000; // milliseconds in which the weeks are not asked for again

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => {
  if (event.data?.fill) event.waitUntil(fill(event.data));
  if (event.data?.leave) event.waitUntil(leave());
});
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || request.method !== "GET") return;
  if (pathname.startsWith(SITE.static)) event.respondWith(asset(request));
  else if (request.mode === "navigate") event.respondWith(page(event));
  else if (request.destination === "image") event.respondWith(image(event));
});

async function install() {
  const answer = await fetch(SITE.page, { credentials: "omit" });
  const shell = await caches.open(SHELL);
  await shell.put(SITE.page, answer);
  await keepAssets(SITE.assets);
  await skipWaiting();
}

// --- Answers ---------------------------------------------------------------------------------------------------------

async function page(event) {
  const { request } = event;
  await leaving;
  const kept = await find(request.url);
  const asked = fetch(request);
  event.waitUntil(asked.then((answer) => note(request.url, answer.clone())).catch(() => {}));
  try {
    return await (kept ? Promise.race([asked, late()]) : asked);
  } catch {
    return kept ?? (await otherwise(request.url));
  }
}

async function image(event) {
  const { request } = event;
  try {
    const answer = await fetch(request);
    event.waitUntil(note(request.url, answer.clone()));
    return answer;
  } catch {
    await leaving;
    return (await find(request.url)) ?? Response.error();
  }
}

// What has its content's hash in its name never changes; a developer's files do.
async function asset(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept?.headers.get("Cache-Control")?.includes("immutable")) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(SHELL)).put(request, answer.clone());
    return answer;
  } catch {
    return kept ?? Response.error();
  }
}

function late() {
  return new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("the network is too slow")));
}

async function find(url) {
  const [found] = await all([OPENED, WEEKS], (cache) => cache.match(url, { ignoreVary: true }));
  if (found || !/\/articles\//.test(url)) return found;
  const [other] = await all([OPENED], (cache) => cache.match(url, { ignoreVary: true, ignoreSearch: true }));
  return other; // an article is the same, whatever was searched when it was opened
}

// Where an article or an issue that is not kept itself stands in a kept week; else the page that lists what is there.
async function otherwise(url) {
  const { pathname } = new URL(url);
  const [listed] = await all([WEEKS], (cache) => cache.match(SITE.weeks));
  for (const week of listed ? (await listed.json()).weeks : []) {
    const there = week.articles[pathname] ?? (week.contents === pathname ? week.pages[0] : null);
    if (there && (await find(new URL(there, url).href.split("#")[0]))) return Response.redirect(new URL(there, url));
  }
  const [own] = await all([WEEKS], (cache) => cache.match(SITE.page, { ignoreVary: true }));
  return own ?? (await caches.match(SITE.page, { ignoreVary: true })) ?? Response.error();
}

// What `ask` finds in the caches whose names begin so.
async function all(beginnings, ask) {
  const names = (await caches.keys()).filter((name) => beginnings.some((one) => name.startsWith(one)));
  const found = await Promise.all(names.map(async (name) => ask(await caches.open(name))));
  return found.filter(Boolean);
}

// --- Keeping what was opened -----------------------------------------------------------------------------------------

let turn = Promise.resolve(); // one after the other: who reads may change between two

function note(url, answer) {
  turn = turn.then(() => noteNow(url, answer)).catch(() => {}); // a full disk: then it is not kept
  return turn;
}

// Somebody signs out: what was kept goes now. The page that comes then may never come, where there is no network.
let leaving = Promise.resolve(); // which the next page waits for
function leave() {
  leaving = forget(null);
  turn = turn.then(() => forget(null)); // and what is being kept meanwhile
  return Promise.all([leaving, turn]);
}

// Throws away what was kept for all readers but one.
async function forget(reader) {
  for (const name of await caches.keys()) {
    const isOfAnother = [OPENED, WEEKS].some((one) => name.startsWith(one) && name !== one + reader);
    if (isOfAnother) await caches.delete(name);
  }
}

async function noteNow(url, answer) {
  const reader = answer.headers.get("X-Reader");
  if (reader === null) return;
  await forget(reader);
  const opened = await caches.open(OPENED + reader);
  await opened.delete(url, { ignoreVary: true });
  if (mayBeKept(answer, reader)) {
    await opened.put(url, answer);
    await trim(opened, MOST_OPENED);
  } else if (isGone(answer)) {
    await all([WEEKS], (cache) => cache.delete(url, { ignoreVary: true }));
  }
}

function mayBeKept(answer, reader) {
  const isWhole = answer.status === 200 && !answer.redirected;
  return isWhole && answer.headers.get("X-Offline") === "keep" && answer.headers.get("X-Reader") === reader;
}

function isGone(answer) {
  return answer.redirected || answer.status === 404 || answer.status === 410;
}

async function trim(cache, most) {
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((key) => cache.delete(key, { ignoreVary: true })));
}

// --- Keeping the newest weeks ----------------------------------------------------------------------------------------

let filling = null;

// Fetches the newest weeks for who reads now, and again what was opened before the archive changed: what was withdrawn
// goes. Only a page that was shown says who reads, so an answer that comes for another one is not kept.
function fill(wanted) {
  filling ??= fillNow(wanted)
    .catch(() => {}) // no network, or no room: the next page tries again
    .finally(() => {
      filling = null;
    });
  return filling;
}

async function fillNow({ figures }) {
  const [before] = await all([WEEKS], (cache) => cache.match(SITE.weeks));
  if (before && Date.now() - Date.parse(before.headers.get("Date")) < PAUSE) return;
  const answer = await fetch(SITE.weeks);
  const reader = answer.headers.get("X-Reader");
  await turn;
  if (!answer.ok || answer.redirected || !(await caches.has(OPENED + reader))) return;
  const { state, weeks } = await answer.clone().json();
  const cache = await caches.open(WEEKS + reader);
  const pages = [SITE.page, ...weeks.flatMap((week) => week.pages)];
  const wanted = new Set([...pages, SITE.weeks]);
  for (const url of pages) {
    const text = await keep(cache, url, reader);
    const shown = text?.match(/\/figures\/\d+\/(?=")/g) ?? [];
    for (const figure of figures ? shown : []) {
      wanted.add(figure);
      if (!(await cache.match(figure, { ignoreVary: true }))) await keep(cache, figure, reader);
    }
    if (text) await keepAssets([...text.matchAll(/"([^"]+\.(?:css|js|svg))"/g)].map(([, one]) => one).filter((one) => one.startsWith(SITE.static)));
  }
  for (const key of await cache.keys()) {
    const { pathname, search } = new URL(key.url);
    if (!wanted.has(pathname + search)) await cache.delete(key, { ignoreVary: true });
  }
  if (before && (await before.json()).state !== state) {
    const opened = await caches.open(OPENED + reader);
    for (const { url } of await opened.keys()) await keep(opened, url, reader);
  }
  await cache.put(SITE.weeks, answer);
  await trim(await caches.open(SHELL), MOST_ASSETS);
}

// Fetches a page or a figure and keeps it; what may be kept no more goes. Returns the text of a page.
async function keep(cache, url, reader) {
  const answer = await fetch(url);
  if (mayBeKept(answer, reader)) {
    const isPage = answer.headers.get("Content-Type")?.startsWith("text/html");
    const text = isPage ? await answer.clone().text() : null;
    await cache.put(url, answer);
    return text;
  }
  if (isGone(answer)) await cache.delete(url, { ignoreVary: true });
  return null;
}

// Keeps scripts and styles, and the scripts that these import.
async function keepAssets(addresses) {
  const shell = await caches.open(SHELL);
  const left = [...addresses];
  const seen = new Set();
  while (left.length) {
    const url = new URL(left.pop(), location.origin).href;
    if (seen.has(url)) continue;
    seen.add(url);
    let kept = await shell.match(url, { ignoreVary: true });
    if (!kept) {
      const answer = await fetch(url);
      if (!answer.ok) continue;
      kept = answer.clone();
      await shell.put(url, answer);
    }
    if (!url.endsWith(".js")) continue;
    for (const [, name] of (await kept.text()).matchAll(/(?:from|import)\s*\(?"(\.[^"]+)"/g)) left.push(new URL(name, url).href);
  }
}
