// Filters without leaving the page: a click shows its results in place. On a phone they lie in a sheet over the results.
// Without this file they are links, beside the results or below them.

import { words } from "./words.js";

const MANY = 6; // values of a group among which one may look for one
const narrow = matchMedia("(max-width: 63.99rem)");
let pending = Promise.resolve(); // one after the other: each click is about what the one before it brought

const panel = () => document.getElementById("facets");

complete();
narrow.addEventListener("change", lay);
document.addEventListener("answered", complete);
// What puts an answer in place comes once it is needed; after a reload, that may be by going back.
addEventListener("popstate", async () => (await import("./answer.js")).goBack());

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (event.target.closest("[data-close]")) panel().hidePopover();
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.matches(".to-facets") && panel()?.popover) panel().showPopover();
  else if (!link.matches(".facets a, .chips a")) return;
  else if (event.detail < 2) follow(link); // the second half of a double click would take it back
  event.preventDefault();
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".days form")) return;
  event.preventDefault();
  const given = [...new FormData(event.target)].filter(([, value]) => value);
  const address = `${event.target.action}?${new URLSearchParams(given)}`;
  pending = pending.then(() => show(address, ""));
});

function follow(link) {
  const name = nameOf(link);
  pending = pending.then(() => {
    const now = link.isConnected ? link : named(name);
    return now && show(now.href, name);
  });
}

function complete() {
  lay();
  addFinders();
}

// On a phone the filters are a sheet, which is closed at first.
function lay() {
  if (!panel() || !("popover" in HTMLElement.prototype)) return;
  if (narrow.matches) panel().popover = "auto";
  else panel().removeAttribute("popover");
  panel().querySelector("[data-close]").hidden = !narrow.matches;
}

async function show(address, name) {
  const { load, put } = await import("./answer.js");
  let page;
  try {
    page = await load(address);
  } catch {
    location.assign(address); // the browser says what is wrong
    return;
  }
  history.pushState(null, "", address);
  put(page);
  if (!panel()) return;
  (named(name) ?? panel().querySelector("a"))?.focus({ preventScroll: true });
  const summary = document.querySelector(".answer");
  if (summary.getBoundingClientRect().top < 0) summary.scrollIntoView({ block: "start" });
  panel().querySelector("[role=status]").textContent = words("found", { count: total() });
}

function total() {
  return document.querySelector(".total strong")?.textContent ?? 0;
}

function headingOf(facet) {
  return facet.querySelector("h3").textContent;
}

// What a link is about, whether it is set or not.
function nameOf(link) {
  const facet = link.closest(".facet");
  return [facet && headingOf(facet), link.className, (link.querySelector("span:not([aria-hidden])") ?? link).textContent].join();
}

function named(name) {
  return [...document.querySelectorAll(".facets a, .chips a")].find((link) => nameOf(link) === name);
}

// A field to find a value among many.
function addFinders() {
  for (const details of document.querySelectorAll(".facet details")) {
    const rows = [...details.querySelectorAll("li")];
    if (rows.length < MANY) continue;
    const field = document.createElement("input");
    field.type = "search";
    field.placeholder = words("find", { label: headingOf(details.closest(".facet")) });
    field.setAttribute("aria-label", field.placeholder);
    field.addEventListener("input", () => {
      const typed = field.value.trim().toLowerCase();
      for (const row of rows) row.hidden = !row.firstElementChild.textContent.toLowerCase().includes(typed);
    });
    details.querySelector("summary").after(field);
  }
}
