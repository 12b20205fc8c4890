// What lies in the basket: [{ key, note }], kept in this browser. A key names an article, `97`, or one of its
// paragraphs, `97-p3`, or words of one, `97-p3.12-45.210`; the server says what stands there (archive/basket).

import { words } from "./words.js";

const KEY = "xinwenku.basket";
export const MOST = 100;

export function clippings() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(kept) ? kept.filter((item) => typeof item?.key === "string") : [];
  } catch {
    return [];
  }
}

// Returns whether the browser keeps it; in a private window it may not.
export function keep(items) {
  try {
    localStorage.setItem(KEY, JSON.stringify(items));
    document.dispatchEvent(new Event("clipped"));
    return true;
  } catch {
    return false;
  }
}

export const holds = (key) => clippings().some((item) => item.key === key);

export function add(key) {
  const items = clippings();
  if (items.length >= MOST) return words("full", { most: MOST });
  return keep([...items, { key, note: "" }]) ? words("clipped") : words("not-clipped");
}

export function remove(key) {
  keep(clippings().filter((item) => item.key !== key));
  return words("unclipped");
}

// Calls `listen` when another window changes the basket. This window hears `clipped` on the document.
export function onChange(listen) {
  addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) listen();
  });
}
