// Says above a page that there is no network, and leads to what is kept. The words stand in the page that lists it.

const answer = await caches.match("/offline/", { ignoreVary: true });
const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
const note = page.getElementById("offline-note");

if (note) {
  document.getElementById("offline-note")?.remove();
  document.querySelector(".skip").after(document.importNode(note, true)); // that link stays the first
  const shown = document.getElementById("offline-note");
  const show = () => {
    shown.hidden = navigator.onLine;
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
