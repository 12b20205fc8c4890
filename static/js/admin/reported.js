// Brings the paragraph that a member reported into view in the body editor, tinted, with the cursor before it.

const quote = document.querySelector("[data-reported]")?.textContent ?? "";
const plain = (text) => text.replace(/\s+/g, "");

window.withBodyEditors((editor) => {
  const start = plain(quote).slice(0, 200);
  let place = null;
  editor.state.doc.forEach((node, offset) => {
    if (place === null && start && plain(node.textContent).startsWith(start)) place = offset;
  });
  if (place === null) return; // changed since: the quote above says what it was
  editor.commands.setTextSelection(place + 1);
  const paragraph = editor.view.nodeDOM(place);
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  // Over the text, not in it: the editor would take a mark for something to save.
  window.CSS.highlights?.set("reported", new Highlight(range));
  paragraph.scrollIntoView({ block: "center" });
});
