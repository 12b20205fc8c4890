// Fetches what passing a page on needs (sharing.js) once it is wanted. Without it the links lead to the text and the code.

const chosen = (event) => event.target.closest("[data-markdown], [data-qr]");
let selected = "";

// A press takes the selection away in some browsers: it is looked at before.
addEventListener("pointerdown", (event) => {
  if (!chosen(event)) return;
  import("./sharing.js");
  selected = String(getSelection());
});

addEventListener("click", async (event) => {
  const link = chosen(event);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  (await import("./sharing.js")).pass(link, selected.trim());
  selected = "";
});
