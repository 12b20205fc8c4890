// What is followed without an account: [{ key, name, seen, isPaused }], kept in this browser. A key names a search or a
// topic; the server says what it is called, and what is new (members/following). Of who logs in, the account keeps it.

const KEY = "xinwenku.follows";
export const MOST = 100;

export function follows() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.key === "string") : [];
  } catch {
    return [];
  }
}

// Returns whether the browser keeps it; in a private window it may not.
export function keep(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list));
    return true;
  } catch {
    return false;
  }
}

// Calls `listen` when another window changes the list.
export function onChange(listen) {
  addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) listen();
  });
}
