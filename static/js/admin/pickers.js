// A calendar beside a line for a day or a moment. The line itself takes whatever is written or pasted, which the
// browser's own field does not: it is opened by a button and writes what is chosen into the line.

const NAMES = { date: "选日期", "datetime-local": "选日期和时间" };
const WRITTEN = /^\s*(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d))?/;

/** Gives every `input[data-picker]` in `part` its button, once. */
export function addPickers(part = document) {
  for (const line of part.querySelectorAll("input[data-picker]:not([data-picked])")) {
    const { picker } = line.dataset;
    const native = document.createElement("input");
    if (!("showPicker" in native)) return;
    line.dataset.picked = "";
    native.type = picker;
    native.tabIndex = -1;
    native.ariaHidden = "true";
    native.className = "picker-native";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "picker";
    button.title = button.ariaLabel = NAMES[picker];
    button.addEventListener("click", () => {
      const [, day, time] = WRITTEN.exec(line.value) ?? [];
      native.value = day ? (picker === "date" ? day : `${day}T${time ?? "08:00"}`) : "";
      native.showPicker();
    });
    native.addEventListener("input", () => {
      line.value = native.value.replace("T", " ");
      line.dispatchEvent(new Event("input", { bubbles: true }));
    });
    native.addEventListener("change", event => {
      event.stopPropagation();
      line.dispatchEvent(new Event("change", { bubbles: true }));
    });
    const box = document.createElement("span");
    box.className = "picker-box";
    box.append(button, native);
    line.after(box);
  }
}

addPickers();
