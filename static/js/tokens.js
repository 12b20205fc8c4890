// The page of tokens: copies a new one. Without it the token is text, all of which one click selects.

import { copy } from "./copying.js";
import { words } from "./words.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy).textContent.trim();
  button.addEventListener("click", () => copy(text, words("copied")));
  button.hidden = false;
}
