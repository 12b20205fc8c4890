// Rows that are dragged by their grips: clippings of the basket, cards of the desk, articles of an issue's form.

/**
 * Lets elements that match `row` be dragged by what matches `grip` in them. While one is dragged, `over` is called with
 * it, the row it is over (null over itself) and the side it is on, "before" or "after"; where it is let go over another,
 * `drop` with the same; and `end` whenever a drag ends, by Escape too.
 */
export function makeDraggable(row, grip, { over, drop, end }) {
  let dragged = null;
  const rowAt = (event) => event.target.closest?.(row);
  const place = (event) => {
    const other = dragged && rowAt(event);
    if (!other) return null;
    event.preventDefault();
    const { top, height } = other.getBoundingClientRect();
    return [dragged, other === dragged ? null : other, event.clientY < top + height / 2 ? "before" : "after"];
  };
  document.addEventListener("pointerdown", (event) => {
    const pressed = rowAt(event);
    if (pressed) pressed.draggable = Boolean(event.target.closest(grip)); // elsewhere in it, text is selected
  });
  document.addEventListener("dragstart", (event) => {
    if (!event.target.matches?.(row)) return; // a link, an image, selected text
    dragged = event.target;
    dragged.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", ""); // without any, some browsers do not begin
  });
  document.addEventListener("dragover", (event) => {
    const placed = place(event);
    if (placed) over(...placed);
  });
  document.addEventListener("drop", (event) => {
    const placed = place(event);
    if (placed?.[1]) drop?.(...placed);
  });
  document.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.classList.remove("dragged");
    dragged.draggable = false;
    end(dragged);
    dragged = null;
  });
}

/** For `over`: the row stands at once where it would be let go. */
export const placeAtOnce = (row, other, side) => other?.[side](row);
