// An article's page: copying its citation or a paragraph's address, and contents that show where one is.
// Without it the citation can be selected, and a ¶ is a link to its paragraph.

import { copy } from "./copying.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy).textContent.replace(/\s+/g, " ").trim();
  button.addEventListener("click", () => copy(text, "引文已复制"));
  button.hidden = false;
}

for (const link of document.querySelectorAll(".pilcrow")) {
  link.addEventListener("click", () => {
    const address = new URL(link.getAttribute("href"), location.origin + location.pathname);
    copy(address.href, "这一段的链接已复制");
  });
}

const beside = document.querySelector(".beside");
const here = beside?.querySelector("[aria-current]");
if (here) beside.scrollTop = here.offsetTop - beside.clientHeight / 2;
