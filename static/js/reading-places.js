// Where one stopped in weeks that were read as a whole: { "2025-03-21": { at, place, on } }, kept in this browser, and
// taken out when one signs out (leaving.js).

const KEY = "xinwenku.reading";
const MOST = 20; // weeks; the one that was read longest ago goes first

export function places() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return kept && typeof kept === "object" && !Array.isArray(kept) ? kept : {};
  } catch {
    return {};
  }
}

// The place of a week; null where there is none, or what is kept is none of ours.
export function place(week) {
  const found = places()[week];
  return typeof found?.at === "string" && found.at.startsWith("/issues/") ? found : null;
}

// Keeps the place of a week, or forgets it.
export function remember(week, found) {
  const others = Object.entries(places()).filter(([name]) => name !== week);
  const newest = others.sort(([, one], [, other]) => (other?.on ?? 0) - (one?.on ?? 0));
  const kept = found ? [[week, { ...found, on: Date.now() }], ...newest] : newest;
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept.slice(0, MOST))));
  } catch {
    // The browser keeps nothing (private window): then one begins at the beginning.
  }
}

export function forgetPlaces() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
