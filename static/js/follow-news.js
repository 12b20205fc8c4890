// On the home page: how much is new in what this browser follows; or, of who is logged in, hands it over.

import { follows } from "./follows.js";
import { ask, handOver } from "./follows-server.js";
import { words } from "./words.js";

const told = document.getElementById("follow-news");
const list = follows();

if (told && list.length) show();
else handOver();

async function show() {
  const answer = await ask(told.dataset.news, list).catch(() => null);
  const count = answer?.new;
  if (!count) return;
  told.querySelector("a").textContent = words("follow-news", { count });
  told.hidden = false;
}
