// Results while one types, on the page of results: asked for at a pause, and given up for what is typed next. Without
// it the form asks when it is sent.
//
// What is still being typed is no search. It is one, and logged as one, when it is sent, when a result is opened, and
// when nothing more is typed for a while. Going back leads to the search before, not to half a word.

import { load, put } from "./answer.js";
import { remember } from "./recent.js";

const PAUSE = 250; // milliseconds without a key before results are asked for
const STOPPED = 2000; // … before what stands in the box is taken for what was meant

const form = document.querySelector(".answer form[data-suggest]");
const input = form.querySelector("input[type=search]");
const announced = document.querySelector(".announced");

let shown = addressOf(new URL(location));
let isSearch = true; // what is shown was meant, and is logged
let pause;
let stop;
let request;

const isComposing = () => "composing" in input.dataset; // box.js
input.addEventListener("compositionstart", wait);
input.addEventListener("compositionend", typed);
input.addEventListener("input", () => {
  if (!isComposing()) typed();
});
if (input.value !== input.defaultValue && !isComposing()) typed(); // typed before this was there

form.addEventListener("submit", (event) => {
  if (!input.value.trim()) return;
  event.preventDefault();
  search(asked());
});

document.addEventListener("click", opened);
document.addEventListener("auxclick", opened);

document.addEventListener("leaving", wait); // to another entry of the history

// However it came, by a filter too.
document.addEventListener("answered", ({ detail }) => {
  shown = addressOf(new URL(location));
  isSearch = !detail.isTyping;
  if (isSearch) wait();
});

function addressOf(url) {
  return url.pathname + url.search;
}

// Where the form would lead: the query, and the filters and the order that are in force.
function asked() {
  const url = new URL(form.action);
  url.search = new URLSearchParams(new FormData(form));
  return addressOf(url);
}

function wait() {
  clearTimeout(pause);
  clearTimeout(stop);
  request?.abort();
}

function typed() {
  wait();
  if (input.value.trim()) pause = setTimeout(preview, PAUSE);
}

function preview() {
  if (input.value.trim() === queryOf(shown)) return wasShown();
  bring(asked(), { isTyping: true });
}

function wasShown() {
  stop = setTimeout(meant, STOPPED);
}

function queryOf(address) {
  return new URL(address, location).searchParams.get("q")?.trim() ?? "";
}

// Sent: what is in the box is searched for, and shown where it is not yet.
function search(address) {
  wait();
  if (address === shown) return meant();
  bring(address, {});
}

function meant() {
  announce();
  report();
}

// The server is told of a search by asking for it once more, now as one.
function report() {
  if (isSearch) return;
  isSearch = true;
  fetch(shown, { keepalive: true }).catch(() => {}); // nobody waits for it
}

function opened(event) {
  if (!event.target.closest(".hits a")) return;
  clearTimeout(stop);
  if (!isSearch) remember(queryOf(shown));
  report();
}

async function bring(address, how) {
  request?.abort();
  const mine = (request = new AbortController());
  try {
    const page = await load(address, { ...how, signal: mine.signal });
    if (mine.signal.aborted) return;
    // Half a word has no entry in the history of its own: what comes next takes its place.
    history[isSearch ? "pushState" : "replaceState"](null, "", address);
    put(page, how);
    if (how.isTyping) wasShown();
    else announce();
  } catch (error) {
    if (error.name !== "AbortError" && !how.isTyping) location.assign(address); // the browser says what is wrong
  }
}

function announce() {
  announced.textContent = (document.querySelector(".total") ?? document.querySelector(".nothing h2"))?.textContent ?? "";
}
