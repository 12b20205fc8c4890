// Who signs out leaves nothing in this browser, whatever the network does then: no page that was kept, no place in a
// week. Both are done with before the page is left: the service worker goes on when it is.

import { forgetPlaces } from "./reading-places.js";

document.addEventListener("submit", ({ target }) => {
  if (!target.matches("[data-leaves]")) return;
  navigator.serviceWorker?.controller?.postMessage({ leave: true });
  forgetPlaces();
});
