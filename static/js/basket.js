// The basket's page: the clippings in their order, with notes, and the export. What is in it only this browser knows.

import { clippings, keep, onChange } from "./clippings.js";
import { say } from "./copying.js";
import { makeDraggable, placeAtOnce } from "./dragging.js";
import { words } from "./words.js";

const basket = document.getElementById("basket");
const list = document.getElementById("basket-items");
const form = document.getElementById("basket-export");
const empty = document.getElementById("basket-empty");
const gone = document.getElementById("basket-gone");
const count = document.getElementById("basket-count");
const pattern = document.getElementById("clipping").content.firstElementChild;

document.querySelector(".unscripted").hidden = true; // in a browser whose style sheets do not know of scripts

await load();
onChange(load);

async function load() {
  const items = clippings();
  let found = [];
  if (items.length) {
    const keys = items.map(({ key }) => key).join(",");
    const answer = await fetch(`${basket.dataset.clippings}?keys=${encodeURIComponent(keys)}`).catch(() => null);
    if (!answer?.ok) {
      gone.textContent = words("unread");
      gone.hidden = false;
      return;
    }
    found = (await answer.json()).clippings;
  }
  const known = new Map(found.map((clipping) => [clipping.key, clipping]));
  const lost = items.length - items.filter(({ key }) => known.has(key)).length;
  gone.hidden = !lost;
  gone.textContent = words("lost", { count: lost });
  list.replaceChildren(...items.filter(({ key }) => known.has(key)).map((item) => element(item, known.get(item.key))));
  refresh();
}

function element({ key, note }, { title, url, text, place }) {
  const row = pattern.cloneNode(true);
  row.dataset.key = key;
  const link = row.querySelector("h2 a");
  link.textContent = title;
  link.href = url;
  row.querySelector(".text").textContent = text;
  row.querySelector(".source").textContent = place;
  const field = row.querySelector("textarea");
  field.value = note ?? "";
  field.addEventListener("input", save);
  for (const button of row.querySelectorAll("[data-move]")) button.addEventListener("click", () => move(row, button));
  row.querySelector("[data-remove]").addEventListener("click", () => take(row));
  return row;
}

function move(row, button) {
  if (button.dataset.move === "1") row.nextElementSibling?.after(row);
  else row.previousElementSibling?.before(row);
  save();
  refresh();
  const target = button.disabled ? row.querySelector("[data-move]:not([disabled])") : button;
  target?.focus();
  say(words("moved", { place: [...list.children].indexOf(row) + 1 }));
}

function take(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  save();
  refresh();
  (next?.querySelector("[data-remove]") ?? document.getElementById("main")).focus();
  say(words("taken"));
}

makeDraggable("#basket-items > li", ".grip", {
  over: placeAtOnce,
  end() {
    save();
    refresh();
  },
});

function items() {
  return [...list.children].map((row) => ({ key: row.dataset.key, note: row.querySelector("textarea").value }));
}

function save() {
  if (!keep(items())) say(words("unsaved"));
}

function refresh() {
  const rows = [...list.children];
  rows.forEach((row, place) => {
    row.querySelector("[data-move='-1']").disabled = place === 0;
    row.querySelector("[data-move='1']").disabled = place === rows.length - 1;
  });
  form.hidden = !rows.length;
  empty.hidden = rows.length > 0;
  count.textContent = rows.length ? words("count", { count: rows.length }) : "";
}

form.addEventListener("submit", () => {
  form.elements.items.value = JSON.stringify(items());
});
document.getElementById("basket-clear").addEventListener("click", () => {
  if (!confirm(words("clear"))) return;
  keep([]);
  load();
});
