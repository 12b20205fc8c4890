// A batch of back issues: sent in parcels, so that a folder of any size arrives and one sees how far it is; and the page
// shows how far the worker is. Without it everything is sent at once, and the page comes again every five seconds.

const PARCEL_FILES = 20;
const PARCEL_BYTES = 15 * 1024 * 1024; // a larger file goes alone
const EVERY = 2000; // milliseconds between two looks at the progress

// --- Sending -----------------------------------------------------------------------------------------------

for (const form of document.querySelectorAll("form[data-send]")) {
  form.addEventListener("submit", event => {
    const chosen = ["folder", "chosen"].flatMap(name => [...form.elements[name].files].map(file => ({ name, file })));
    if (!chosen.length) return; // the server says what is missing
    event.preventDefault();
    send(form, chosen);
  });
}

async function send(form, chosen) {
  const place = form.querySelector("[data-sending]");
  const bar = place.querySelector("progress");
  const said = place.querySelector("[role=status]");
  const button = form.querySelector("[type=submit]");
  place.hidden = false;
  button.disabled = true;
  bar.max = chosen.length;
  addEventListener("beforeunload", ask);
  let sent = 0;
  let url = "";
  for (const parcel of parcels(chosen)) {
    said.textContent = `正在传：${sent} / ${chosen.length} 个文件`;
    bar.value = sent;
    sent += parcel.length;
    url = await post(form, parcel, sent < chosen.length);
    if (!url) {
      removeEventListener("beforeunload", ask);
      said.textContent = `传到第 ${sent - parcel.length} 个文件时断了。请看看网络、登录是不是过期，再点一次“${button.textContent}”，已经传到的不会重复。`;
      button.disabled = false;
      return;
    }
  }
  removeEventListener("beforeunload", ask);
  said.textContent = `传完了 ${sent} 个文件。`;
  location.assign(url);
}

const ask = event => event.preventDefault();

function* parcels(chosen) {
  let parcel = [];
  let bytes = 0;
  for (const one of chosen) {
    if (parcel.length && (parcel.length === PARCEL_FILES || bytes + one.file.size > PARCEL_BYTES)) {
      yield parcel;
      [parcel, bytes] = [[], 0];
    }
    parcel.push(one);
    bytes += one.file.size;
  }
  yield parcel;
}

/** Posts a parcel. Returns the address of the batch, "" when it did not get there. */
async function post(form, parcel, more) {
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "key"]) data.set(name, form.elements[name].value);
  if (more) data.set("more", "on");
  for (const name of ["chosen", "folder"]) { // in the order in which the server reads them
    for (const one of parcel.filter(one => one.name === name)) {
      data.append(name, one.file);
      data.append("paths", one.file.webkitRelativePath || one.file.name);
    }
  }
  const headers = { Accept: "application/json" };
  const answer = await fetch(form.action, { method: "POST", body: data, headers }).catch(() => null);
  return (answer?.ok && (await answer.json().catch(() => null))?.url) || "";
}

// --- How far it is -------------------------------------------------------------------------------------------

const progress = () => document.querySelector("[data-progress]");

async function look() {
  const answer = await fetch(location.href).catch(() => null);
  const text = answer?.ok ? await answer.text().catch(() => "") : "";
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-progress]");
  if (fresh && !fresh.matches("[data-working]")) {
    location.reload(); // done: the table has new rows
    return;
  }
  if (fresh) progress().replaceWith(document.adoptNode(fresh));
  setTimeout(look, EVERY);
}

if (progress()?.matches("[data-working]")) setTimeout(look, EVERY);
