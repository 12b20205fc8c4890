// What the server says and keeps of the list that this browser keeps (follows.js).

import { follows, keep } from "./follows.js";

// Returns { upto, follows } of the server, the follows in the same order; throws when there is no answer.
export async function ask(address, list) {
  const body = new FormData();
  body.set("follows", JSON.stringify(list));
  const answer = await fetch(address, { method: "POST", body });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  const told = await answer.json();
  // Who has just followed something has read all that there was. The list may have become another one meanwhile.
  const started = new Set(list.filter(({ seen }) => seen === null).map(({ key }) => key));
  const isNew = ({ key, seen }) => seen === null && started.has(key);
  if (follows().some(isNew)) keep(follows().map((one) => (isNew(one) ? { ...one, seen: told.upto } : one)));
  return told;
}

// Hands the list over to the account of who is logged in. Returns how many stay here for want of room; null when
// there was nothing to hand over, or no answer.
export async function handOver() {
  const form = document.getElementById("take-over");
  const list = follows();
  if (!form || !list.length) return null;
  form.elements.follows.value = JSON.stringify(list);
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (!answer?.ok) return null;
  const { left } = await answer.json();
  const gone = new Set(list.map(({ key }) => key).filter((key) => !left.includes(key)));
  keep(follows().filter(({ key }) => !gone.has(key)));
  return left.length;
}
