// From an article to the results that led to it, to the one before and the one after. Without it the link back leads to
// the search alone.

import { keep, kept, placeIn, read } from "./trail.js";

const bar = document.getElementById("way-back");
const trail = kept();
const place = trail ? placeIn(trail, location) : -1;

if (bar && place >= 0) {
  bar.querySelector("[data-back]").href = trail.address;
  lead(bar.querySelector("[data-step='-1']"), trail.hits[place - 1], trail.earlier, -1);
  lead(bar.querySelector("[data-step='1']"), trail.hits[place + 1], trail.later, 0);
}

// Beside the last result of a page stands the first one of the next, which the server has to name.
function lead(link, hit, page, which) {
  if (!hit && !page) return;
  link.href = hit ?? page;
  link.hidden = false;
  if (hit) return;
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      const { load } = await import("./answer.js");
      const next = read(await load(page, { isRepeated: true }), page);
      keep(next);
      location.assign(next.hits.at(which) ?? page);
    } catch {
      location.assign(page);
    }
  });
}
