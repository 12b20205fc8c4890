// The keys j and k on a page of results, what an article opened from it needs to find back (trail.js), and the search
// itself among the recent ones: it may be sent before the box has asked for its scripts (box.js).

import { remember } from "./recent.js";
import { isShortcut } from "./shortcuts.js";
import { keep, placeIn, read } from "./trail.js";

const [{ type } = {}] = performance.getEntriesByType("navigation");

if (type === "navigate") remember(new URL(location).searchParams.get("q")?.trim()); // reloaded may be cleared before
keepTrail();
document.addEventListener("answered", keepTrail);
comeBack();

function keepTrail() {
  const trail = read(document, location.href.replace(/#.*/, ""));
  if (trail.hits.length) keep(trail);
}

// From an article back to the results: to the result that it was.
function comeBack() {
  if (type !== "navigate" || !document.referrer) return;
  links()[placeIn(read(document, location.href), new URL(document.referrer))]?.focus();
}

function links() {
  return [...document.querySelectorAll(".hits h2 a")];
}

document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  if (!step || !isShortcut(event)) return;
  const all = links();
  const here = all.findIndex((link) => link.closest("li").contains(document.activeElement));
  const first = all.find((link) => link.getBoundingClientRect().top >= 0);
  const next = here < 0 ? first : all[here + step];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.closest("li").scrollIntoView({ block: "nearest" });
  event.preventDefault();
});
