// A chart of counts over time: the numbers under the pointer or the finger, the articles of a period below the chart, and
// a picture to save. Without it each period is a link, with its numbers as the link's title.

for (const plate of document.querySelectorAll(".timeline .plate")) read(plate);

function read(plate) {
  const figure = plate.closest("figure");
  const legend = [...document.querySelectorAll(".legend li")];
  const note = document.createElement("div");
  note.className = "under";
  note.hidden = true;
  plate.append(note);
  plate.dataset.read = "";
  for (const link of plate.querySelectorAll("a")) {
    const title = link.querySelector("title");
    link.dataset.says = title.textContent;
    title.remove(); // or the browser shows it, too
  }
  plate.addEventListener("pointermove", ({ clientX }) => show(under(clientX)));
  plate.addEventListener("pointerdown", ({ clientX }) => show(under(clientX)));
  plate.addEventListener("pointerleave", ({ pointerType }) => {
    if (pointerType === "mouse") show(null);
  });
  plate.addEventListener("click", async (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { open } = await import("./chart-articles.js");
    open(figure, link, legend);
  });
  const saver = figure.querySelector("[data-save]");
  if (saver) {
    saver.hidden = false;
    saver.addEventListener("click", async () => {
      const { save } = await import("./chart-picture.js");
      save(plate.querySelector("svg"), saver.dataset.save, saver.dataset.from, legend);
    });
  }

  // The period under a place of the window, also between two columns.
  function under(x) {
    return [...plate.querySelectorAll("a")].find((link) => {
      const { left, right } = link.getBoundingClientRect();
      return left <= x && x < right;
    });
  }

  function show(link) {
    for (const other of plate.querySelectorAll("a.shown")) if (other !== link) other.classList.remove("shown");
    note.hidden = !link;
    if (!link) return;
    if (!link.classList.contains("shown")) say(note, link.dataset.says, legend);
    link.classList.add("shown");
    const [column, frame] = [link, plate].map((one) => one.getBoundingClientRect());
    const middle = (column.left + column.right) / 2 - frame.left;
    const isLeft = middle > frame.width / 2; // beside the column, never over it
    const left = isLeft ? middle - note.offsetWidth - 12 : middle + 12;
    note.style.left = `${Math.max(0, Math.min(left, frame.width - note.offsetWidth))}px`;
  }
}

// One number as it is said; several, each beside its line and its name.
function say(note, said, legend) {
  const [period, rest = ""] = said.split(/：(?=[^：]*$)/);
  const numbers = rest.match(/\d+/g) ?? [];
  if (legend.length < 2 || numbers.length !== legend.length) {
    note.textContent = said;
    return;
  }
  const list = document.createElement("ul");
  for (const [place, line] of legend.entries()) {
    const row = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = line.querySelector("a").textContent;
    row.append(line.querySelector("svg").cloneNode(true), name, numbers[place]);
    list.append(row);
  }
  note.replaceChildren(period, list);
}
