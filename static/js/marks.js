// Marks in an article what the search that led here found, and steps from hit to hit.
// Without it the link still lands on the paragraph.

import { isShortcut } from "./shortcuts.js";
import { words } from "./words.js";

const bar = document.getElementById("hit-bar");
const query = new URLSearchParams(location.search).get("q");

if (bar && query) {
  const answer = await fetch(`${bar.dataset.marks}?q=${encodeURIComponent(query)}`).catch(() => null);
  if (answer?.ok) {
    const { marks } = await answer.json();
    const hits = marks.map(mark).filter((elements) => elements.length);
    if (hits.length) step(hits);
  }
}

// Puts <mark> around the characters start..end of a block, white space not counted: several where the hit
// is partly bold or a link.
function mark({ block, start, end }) {
  const root = document.getElementById(block);
  const found = [];
  if (!root) return found;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const ranges = [];
  let seen = 0;
  for (let node = walker.nextNode(); node && seen < end; node = walker.nextNode()) {
    let from = -1;
    let to = -1;
    let offset = 0;
    for (const character of node.data) {
      if (/\S/u.test(character)) {
        if (seen >= start && seen < end) {
          if (from < 0) from = offset;
          to = offset + character.length;
        }
        seen += 1;
      }
      offset += character.length;
    }
    if (from >= 0) ranges.push([node, from, to]);
  }
  for (const [node, from, to] of ranges) {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    const element = document.createElement("mark");
    range.surroundContents(element);
    found.push(element);
  }
  return found;
}

// The id that the address names. Not `:target`, which browsers set only once the style sheets are there.
function fragment() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

// The bar that steps through the hits: buttons, and the keys n, N and Escape.
function step(hits) {
  const place = bar.querySelector("output");
  const target = document.getElementById(fragment());
  let current = Math.max(0, target ? hits.findIndex(([first]) => target.contains(first)) : 0);

  function go(number) {
    for (const element of hits[current]) element.classList.remove("current");
    current = (number + hits.length) % hits.length;
    for (const element of hits[current]) element.classList.add("current");
    place.textContent = words("hit", { place: current + 1, all: hits.length });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    hits[current][0].scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }

  function close() {
    if (bar.contains(document.activeElement)) document.getElementById("main").focus({ preventScroll: true });
    bar.hidden = true;
    document.removeEventListener("keydown", onKey);
    for (const element of hits.flat()) element.replaceWith(...element.childNodes);
  }

  function onKey(event) {
    if (!isShortcut(event)) return;
    if (event.key.toLowerCase() === "n") go(current + (event.shiftKey ? -1 : 1));
    else if (event.key === "Escape") close();
  }

  bar.querySelector("[data-step='1']").addEventListener("click", () => go(current + 1));
  bar.querySelector("[data-step='-1']").addEventListener("click", () => go(current - 1));
  bar.querySelector("[data-close]").addEventListener("click", close);
  document.addEventListener("keydown", onKey);
  bar.hidden = false;
  go(current);
}
