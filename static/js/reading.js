// An article's page: copying its citation or a paragraph's address, clipping, and contents that show where one is.
// Without it the citation can be selected, and a ¶ is a link to its paragraph.

import { add, clippings, holds, onChange, remove } from "./clippings.js";
import { copy, say } from "./copying.js";
import { words } from "./words.js";

// Who only reads selects nothing, and does without what clips it.
document.addEventListener("selectionchange", () => import("./clip-selection.js"), { once: true });

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy).textContent.replace(/\s+/g, " ").trim();
  button.addEventListener("click", () => copy(text, words("citation-copied")));
  button.hidden = false;
}

for (const link of document.querySelectorAll(".pilcrow")) {
  link.addEventListener("click", () => {
    const address = new URL(link.href);
    address.search = "";
    copy(address.href, words("link-copied"));
  });
}

// The basket: a whole article by its button, a paragraph by the ＋ under its ¶.
const basket = { href: document.querySelector("[data-basket]").href, text: words("see-basket") };
for (const whole of document.querySelectorAll(".tools [data-clip]")) {
  const article = whole.closest("article");
  for (const [place, link] of article.querySelectorAll(".pilcrow").entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "clip";
    button.dataset.clip = `${whole.dataset.clip}-${new URL(link.href).hash.slice(1)}`;
    button.setAttribute("aria-label", words("clip-paragraph", { number: place + 1 }));
    link.after(button);
  }
  whole.hidden = false;
}
const clips = [...document.querySelectorAll("[data-clip]")];
for (const button of clips) {
  button.addEventListener("click", () => {
    say(holds(button.dataset.clip) ? remove(button.dataset.clip) : add(button.dataset.clip), basket);
  });
}
press();
onChange(press);
document.addEventListener("clipped", press);

function press() {
  const kept = new Set(clippings().map(({ key }) => key));
  for (const button of clips) {
    const isKept = kept.has(button.dataset.clip);
    if (button.classList.contains("clip")) button.setAttribute("aria-pressed", String(isKept));
    else button.textContent = isKept ? words("unclip") : words("clip");
  }
}

const beside = document.querySelector(".beside");
const here = beside?.querySelector("[aria-current]");
if (here) beside.scrollTop = here.offsetTop - beside.clientHeight / 2;
