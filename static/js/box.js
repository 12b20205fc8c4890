// The search box asks for the scripts that complete what is typed, and bring its results, once it is used: a page that
// is only read does without.

for (const form of document.querySelectorAll("form[data-suggest]")) {
  const input = form.querySelector("input[type=search]");
  const list = form.querySelector("[role=listbox]");
  const aria = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(aria)) input.setAttribute(name, value);
  // A Chinese input method is at work: what is in the box are half-typed letters.
  input.addEventListener("compositionstart", () => (input.dataset.composing = ""));
  input.addEventListener("compositionend", () => delete input.dataset.composing);
  input.addEventListener("focus", wake, { once: true });
  if (document.activeElement === input) wake();
}

function wake() {
  import("./suggest.js");
  if (document.querySelector(".answer form[data-suggest]")) import("./live.js");
}
