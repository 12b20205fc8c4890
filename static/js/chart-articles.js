// The articles of a chosen period, in place: from the page of results that it leads to.

import { words } from "./words.js";

const TYPING = "X-Typing"; // search/pages/signals.py: nobody searched, so nothing is logged
const MOST = 10; // articles of each query

let last;

// Lists them under the chart; what can not be listed is opened.
export async function open(figure, link, legend) {
  const address = link.getAttribute("href");
  const row = address.startsWith("#") ? document.getElementById(address.slice(1)) : null;
  const cells = row ? [...row.querySelectorAll("td:not(.all)")] : [];
  const parts = row
    ? cells.map((cell, place) => ({ cell: cell.querySelector("a"), name: legend[place]?.querySelector("a").textContent }))
    : [{ cell: link, name: "" }];
  const wanted = parts.filter(({ cell }) => cell);
  if (row && !wanted.length && cells.some((cell) => cell.textContent.trim() !== "0")) {
    location.hash = address; // the links are left out where they would be too long: the row has the numbers
    return;
  }
  last = link;
  const places = wanted.map(({ cell, name }) => ({ address: cell.getAttribute("href"), name }));
  const lists = await Promise.all(places.map(list)).catch(() => null);
  if (last !== link) return;
  if (!lists) {
    location.assign(address);
    return;
  }
  const section = document.createElement("section");
  const heading = document.createElement("h2");
  const close = document.createElement("button");
  const head = document.createElement("header");
  section.className = "chosen";
  heading.textContent = link.dataset.says;
  heading.tabIndex = -1;
  close.type = "button";
  close.className = "plain";
  close.textContent = words("chart-close");
  close.addEventListener("click", () => section.remove());
  head.append(heading, close);
  section.append(head, ...lists.flat());
  figure.parentElement.querySelector(".chosen")?.remove();
  figure.after(section);
  heading.focus({ preventScroll: true });
}

// What a search finds, with the way to all of it.
async function list({ address, name }) {
  const answer = await fetch(address, { headers: { [TYPING]: "1" } });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = [...page.querySelectorAll(".hits h2 a")];
  const rows = document.createElement("ul");
  for (const hit of found.slice(0, MOST)) {
    const row = document.createElement("li");
    const way = document.createElement("a");
    way.href = hit.getAttribute("href");
    way.append(...[...hit.childNodes].map((node) => document.importNode(node, true)));
    row.append(way);
    rows.append(row);
  }
  const parts = [rows];
  if (name) {
    const heading = document.createElement("h3");
    heading.textContent = name;
    parts.unshift(heading);
  }
  if (found.length) {
    const more = document.createElement("p");
    const way = document.createElement("a");
    more.className = "more";
    way.href = address;
    way.textContent = words("chart-all");
    more.append(way);
    parts.push(more);
  }
  return parts;
}
