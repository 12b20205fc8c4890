// The page of what is followed, for who has no account: the list of this browser, in the rows of the server's page.

import { say } from "./copying.js";
import { follows, keep, onChange } from "./follows.js";
import { ask, handOver } from "./follows-server.js";
import { words } from "./words.js";

const page = document.getElementById("following");
const list = document.getElementById("follows");
const told = document.getElementById("following-told");
const pattern = document.getElementById("followed")?.content.firstElementChild;
let upto = 0;

if (pattern) {
  page.querySelector(".unscripted").hidden = true; // in a browser whose style sheets do not know of scripts
  await load();
  onChange(load);
} else {
  const left = await handOver();
  if (left === 0) location.reload();
  else if (left) tell(words("follows-left", { count: left }));
}

function tell(text) {
  told.textContent = text;
  told.hidden = false;
}

async function load() {
  const kept = follows();
  document.getElementById("following-empty").hidden = kept.length > 0;
  document.getElementById("following-count").textContent = kept.length ? words("follows-count", { count: kept.length }) : "";
  if (!kept.length) return list.replaceChildren();
  const answer = await ask(page.dataset.news, kept).catch(() => null);
  if (!answer) return tell(words("follows-unread"));
  upto = answer.upto;
  list.replaceChildren(...answer.follows.map((one, place) => row(one, kept[place], place, kept.length)));
}

function row(one, kept, place, all) {
  const made = pattern.cloneNode(true);
  const link = made.querySelector("h2 a");
  link.textContent = one.name;
  if (one.url) link.href = one.url;
  made.classList.toggle("paused", kept.isPaused);
  made.querySelector(".kind").textContent = one.kind;
  made.querySelector(".since").append(since(one, kept));
  made.querySelector(".newest").append(...one.newest.map(article));
  const name = made.querySelector("input[name=name]");
  name.value = kept.name ?? "";
  name.placeholder = one.name;
  const out = { read: !one.count, up: place === 0, down: place === all - 1, pause: kept.isPaused, resume: !kept.isPaused };
  for (const button of made.querySelectorAll("button")) if (out[button.value]) button.remove();
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    change(one.key, event.submitter.value, made);
  });
  return made;
}

function since(one, kept) {
  if (!one.url) return words("follow-gone");
  if (kept.isPaused) return words("follow-paused");
  if (!one.count) return words("follow-nothing");
  const strong = document.createElement("strong");
  strong.textContent = words("follow-since", { count: one.count });
  return strong;
}

function article({ title, url, place }) {
  const item = document.createElement("li");
  const [link, where] = [document.createElement("a"), document.createElement("span")];
  link.href = url;
  link.textContent = title;
  where.className = "count";
  where.textContent = place;
  item.append(link, " ", where);
  return item;
}

async function change(key, what, made) {
  const kept = follows();
  const place = kept.findIndex((one) => one.key === key);
  if (place < 0) return load();
  const one = kept[place];
  if (what === "read") one.seen = Math.max(one.seen ?? 0, upto);
  if (what === "pause" || what === "resume") one.isPaused = what === "pause";
  if (what === "rename") one.name = made.querySelector("input[name=name]").value.trim();
  if (what === "end" || what === "up" || what === "down") kept.splice(place, 1);
  if (what === "up" || what === "down") kept.splice(place + (what === "up" ? -1 : 1), 0, one);
  if (!keep(kept)) say(words("follows-unkept"));
  await load();
  // The focus stays with what was changed.
  const next = list.children[Math.min(follows().findIndex((other) => other.key === key), list.children.length - 1)];
  const button = next?.querySelector(`button[value="${what}"]`) ?? next?.querySelector("button");
  (button ?? document.getElementById("main")).focus();
}
