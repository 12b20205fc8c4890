// Says in words, weekday and all, when an issue will go live: a field of numbers is easily read wrong.

for (const said of document.querySelectorAll("[data-moment]")) {
  const field = document.getElementById(said.dataset.moment);
  const show = () => {
    const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+)[T ](\d\d:\d\d)/.exec(field.value) ?? [];
    if (!year) {
      said.value = "";
      return;
    }
    // The field means the time of the site, wherever this browser is: no time zone may touch it.
    const weekday = "日一二三四五六"[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
    said.value = `北京时间 ${Number(year)}年${Number(month)}月${Number(day)}日 周${weekday} ${time}`;
  };
  field.addEventListener("input", show);
  show();
}

// A second click is harmless; a button that goes grey says that the first one was taken.
document.getElementById("look")?.addEventListener("submit", (event) => {
  const form = event.target;
  setTimeout(() => {
    for (const button of form.querySelectorAll("button[name=how]")) button.disabled = true;
  });
});
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("#look button[name=how]")) button.disabled = false;
});
