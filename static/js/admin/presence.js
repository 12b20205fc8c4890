// Tells the site that this form is open, and the editor who else has it open. Said again while the page is in sight;
// whoever goes away says so, and who does not is forgotten after two minutes.

const EVERY_MS = 30_000;
const line = document.getElementById("presence");
const token = line?.closest("form")?.elements.csrfmiddlewaretoken?.value;

function body(closed) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", token);
  if (closed) data.set("closed", "1");
  return data;
}

async function tell() {
  if (document.hidden) return;
  const answer = await fetch(line.dataset.url, { method: "POST", body: body(false) }).catch(() => null);
  const told = answer?.ok && await answer.json().catch(() => null);
  if (!told) return; // logged out or offline: the save will say so
  if (line.textContent !== told.said) line.textContent = told.said;
  line.hidden = !told.said;
}

if (line && token) {
  tell();
  setInterval(tell, EVERY_MS);
  document.addEventListener("visibilitychange", tell);
  addEventListener("pagehide", () => navigator.sendBeacon(line.dataset.url, body(true)));
}
