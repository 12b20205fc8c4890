// The page that is shown without a network: what this browser has kept, by the service worker (service-worker.js).

import { words } from "./words.js";

const weeks = document.getElementById("offline-weeks");
const opened = document.getElementById("offline-opened");
const MINE = /^xinwenku-(opened|weeks)-/;

if ("caches" in window) show();
document.getElementById("offline-again").addEventListener("click", () => location.reload());
document.getElementById("offline-clear").addEventListener("click", clear);

async function show() {
  const kept = { opened: [], weeks: [] };
  for (const name of await caches.keys()) {
    const kind = name.match(MINE)?.[1];
    if (!kind) continue;
    const cache = await caches.open(name);
    const index = await cache.match(document.body.querySelector("[data-weeks]").dataset.weeks);
    if (kind === "weeks" && index) kept.weeks = await whole(cache, (await index.json()).weeks);
    if (kind === "opened") kept.opened = await titles(cache);
  }
  fill(weeks, kept.weeks);
  fill(opened, kept.opened);
  document.getElementById("offline-empty").hidden = kept.weeks.length + kept.opened.length > 0;
  document.getElementById("offline-clear").hidden = kept.weeks.length + kept.opened.length === 0;
}

// The weeks of which the page is there.
async function whole(cache, listed) {
  const there = await Promise.all(listed.map(({ pages: [first] }) => cache.match(first, { ignoreVary: true })));
  return listed
    .filter((_, number) => there[number])
    .map(({ dates, title, pages: [url] }) => ({ url, text: dates, more: title }));
}

// The pages that were opened, the last one first, by their titles.
async function titles(cache) {
  const keys = (await cache.keys()).reverse();
  const found = await Promise.all(
    keys.map(async (key) => {
      const answer = await cache.match(key, { ignoreVary: true });
      if (!answer?.headers.get("Content-Type")?.startsWith("text/html")) return null;
      const { title } = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [text] = title.split(" · ");
      return { url: key.url, text };
    }),
  );
  return found.filter(Boolean);
}

function fill(section, list) {
  section.hidden = !list.length;
  section.querySelector("ul").replaceChildren(
    ...list.map(({ url, text, more }) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = url;
      link.textContent = text;
      row.append(link);
      if (more) {
        const name = document.createElement("span");
        name.className = "name";
        name.textContent = more;
        link.append(" ", name);
      }
      return row;
    }),
  );
}

async function clear() {
  if (!confirm(words("offline-clear"))) return;
  for (const name of await caches.keys()) if (MINE.test(name)) await caches.delete(name);
  show();
}
