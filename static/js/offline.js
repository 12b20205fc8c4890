// Starts the service worker, which keeps pages to be read without a network (members/offline).

const BUSY = 3000; // milliseconds that the page has for itself before the weeks are fetched
const workers = isSecureContext && navigator.serviceWorker;

if (workers) {
  workers.register("/service-worker.js").catch(() => {}); // turned off in this browser
  workers.ready.then(({ active }) => {
    setTimeout(() => active.postMessage({ fill: true, figures: !navigator.connection?.saveData }), BUSY);
  });
  if (workers.controller && !navigator.onLine) import("./offline-note.js");
}
