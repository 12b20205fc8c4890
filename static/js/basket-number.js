// How much lies in the basket (clippings.js), beside its name in the bar of every page.

const number = document.querySelector("[data-basket] .number");

function show() {
  let count = 0;
  try {
    count = JSON.parse(localStorage.getItem("xinwenku.basket")).length;
  } catch {
    // Nothing is kept, or nothing that is a list.
  }
  number.textContent = count;
  number.hidden = !count;
}

show();
for (const event of ["storage", "pageshow"]) addEventListener(event, show);
document.addEventListener("clipped", show);
