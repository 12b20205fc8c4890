// An article's page: copying its citation or a paragraph's address, clipping, and contents that show where one is.
// Without it the citation can be selected, and a ¶ is a link to its paragraph.

import { add, holds, onChange, remove } from "./clippings.js";
import { copy, say } from "./copying.js";
import { words } from "./words.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy).textContent.replace(/\s+/g, " ").trim();
  button.addEventListener("click", () => copy(text, words("citation-copied")));
  button.hidden = false;
}

for (const link of document.querySelectorAll(".pilcrow")) {
  link.addEventListener("click", () => {
    const address = new URL(link.getAttribute("href"), location.origin + location.pathname);
    copy(address.href, words("link-copied"));
  });
}

// The basket: the whole article by its button, a paragraph by the ＋ under its ¶.
const whole = document.querySelector("[data-clip]");
const clips = [whole];
for (const [place, link] of document.querySelectorAll(".pilcrow").entries()) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "clip";
  button.dataset.clip = `${whole.dataset.clip}-${link.parentElement.id}`;
  button.setAttribute("aria-label", words("clip-paragraph", { number: place + 1 }));
  link.after(button);
  clips.push(button);
}
for (const button of clips) {
  button.hidden = false;
  button.addEventListener("click", () => {
    say(holds(button.dataset.clip) ? remove(button.dataset.clip) : add(button.dataset.clip));
    press();
  });
}
press();
onChange(press);

function press() {
  const [, ...paragraphs] = clips;
  whole.textContent = holds(whole.dataset.clip) ? words("unclip") : words("clip");
  for (const button of paragraphs) button.setAttribute("aria-pressed", String(holds(button.dataset.clip)));
}

const beside = document.querySelector(".beside");
const here = beside?.querySelector("[aria-current]");
if (here) beside.scrollTop = here.offsetTop - beside.clientHeight / 2;
