// The keys of the pages to read: j k to the next and previous article, l h issue, ] [ result, / or Ctrl-K to the search,
// ? for help. Letters and brackets press a link of the page, the one with that data-key; without this file the links
// are still there.

import { isShortcut, keysAreOn, turnKeys } from "./shortcuts.js";

const dialog = document.getElementById("keys");
const opener = document.getElementById("keys-open");
const choice = document.getElementById("keys-on");

function showHelp() {
  choice.checked = keysAreOn();
  dialog.showModal();
}

// Not a key of one letter: it works in a field too, and where those are turned off.
function isToSearch(event) {
  const hasControl = event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey;
  return hasControl && event.key.toLowerCase() === "k" && !document.querySelector("dialog[open]");
}

function toSearch() {
  const box = document.getElementById("q");
  box?.focus();
  box?.select();
}

function pressed(key) {
  const link = /^[hjkl[\]]$/.test(key) && document.querySelector(`[data-key="${key}"]:not([hidden])`);
  if (link) link.click();
  return link;
}

document.addEventListener("keydown", (event) => {
  if (isToSearch(event)) toSearch();
  else if (!isShortcut(event)) return;
  else if (event.key === "?") showHelp();
  else if (event.key === "/") toSearch();
  else if (!pressed(event.key)) return;
  event.preventDefault();
});

choice.addEventListener("change", () => turnKeys(choice.checked));
opener.addEventListener("click", showHelp);
opener.hidden = false;
