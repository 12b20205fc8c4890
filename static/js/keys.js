// The keys of the pages to read: j k to the next and previous article, l h issue, / to the search, ? for help.
// Each presses a link of the page, the one with that data-key; without this file the links are still there.

import { isShortcut, keysAreOn, turnKeys } from "./shortcuts.js";

const dialog = document.getElementById("keys");
const opener = document.getElementById("keys-open");
const choice = document.getElementById("keys-on");

function showHelp() {
  choice.checked = keysAreOn();
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (!isShortcut(event)) return;
  if (event.key === "?") showHelp();
  else if (event.key === "/") document.getElementById("q")?.select();
  else if (/^[hjkl]$/.test(event.key)) document.querySelector(`[data-key="${event.key}"]`)?.click();
  else return;
  event.preventDefault();
});

choice.addEventListener("change", () => turnKeys(choice.checked));
opener.addEventListener("click", showHelp);
opener.hidden = false;
