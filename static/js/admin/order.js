// Articles of an issue change places by dragging, or with the arrow keys on their handle. The numbers that are saved
// are those of the position fields, which work without this script too.

import { makeDraggable, placeAtOnce } from "../dragging.js";

const group = document.querySelector("#articles-group");
const body = group?.querySelector("tbody");
const canOrder = body?.querySelector('.form-row input[name$="-position"]');
const announcer = document.createElement("p");

function rows() {
  return [...body.querySelectorAll("tr.form-row:not(.empty-form)")];
}

function input(row, name) {
  return row.querySelector(`input[name$="-${name}"]`);
}

function number() {
  let place = 0;
  for (const row of rows()) {
    const position = input(row, "position");
    if (!position || row.querySelector('input[name$="-DELETE"]')?.checked) continue;
    place += 1;
    if (position.value !== String(place)) {
      position.value = place;
      position.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

function say(row) {
  announcer.textContent = `“${input(row, "title").value}”现在是第 ${input(row, "position").value} 篇`;
}

function moveBy(row, step) {
  const all = rows();
  const target = all[all.indexOf(row) + step];
  if (!target) return;
  step < 0 ? target.before(row) : target.after(row);
  number();
  say(row);
}

function addHandle(row) {
  const cell = row.querySelector(".field-position");
  if (!cell || cell.querySelector(".handle")) return;
  const handle = document.createElement("span"); // Firefox drags nothing by a button
  handle.role = "button";
  handle.tabIndex = 0;
  handle.className = "handle";
  handle.textContent = "⠿";
  handle.title = "拖动，或按上下方向键，调整次序";
  handle.setAttribute("aria-label", handle.title);
  cell.prepend(handle);

  handle.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    moveBy(row, step);
    handle.focus();
  });
}

if (canOrder) {
  announcer.className = "visually-hidden";
  announcer.setAttribute("aria-live", "polite");
  group.append(announcer);
  rows().forEach(addHandle);
  makeDraggable("#articles-group tr.form-row:not(.empty-form)", ".handle", {
    over: placeAtOnce,
    end(row) {
      number();
      say(row);
    },
  });
  document.addEventListener("formset:added", (event) => {
    const row = event.target;
    if (!body.contains(row)) return;
    addHandle(row);
    const taken = rows().filter((other) => other !== row).map((other) => Number(input(other, "position").value) || 0);
    const position = input(row, "position");
    if (!position.value) position.value = Math.max(0, ...taken) + 1;
  });
  document.addEventListener("formset:removed", number);
}
