// A chart as a PNG: its shapes are drawn once more on a canvas, in the colours and letters that the page shows, under
// its name and over where it comes from. (An SVG loaded as an image would be a `data:` image, which no page of ours may
// load.)

const SCALE = 2; // pixels for each unit of the chart
const PAD = 28;
const HEAD = 40;
const LINE = 26;

// Saves the chart `svg` as a file; `name` stands above it, `from` below, `legend` are list items with a line and a name.
export function save(svg, name, from, legend) {
  const { width, height } = svg.viewBox.baseVal;
  const lines = legend.length > 1 ? legend : [];
  const canvas = document.createElement("canvas");
  const canvasHeight = height + HEAD + LINE * (lines.length + 1) + 2 * PAD;
  canvas.width = (width + 2 * PAD) * SCALE;
  canvas.height = canvasHeight * SCALE;
  const pen = canvas.getContext("2d");
  const page = getComputedStyle(document.documentElement);
  const [paper, ink, soft] = ["--paper", "--ink", "--soft"].map((one) => page.getPropertyValue(one).trim());
  const family = page.fontFamily;
  pen.scale(SCALE, SCALE);
  pen.fillStyle = paper;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.translate(PAD, PAD);
  write(pen, name, 0, 20, `600 20px ${family}`, ink, width);
  pen.save();
  pen.translate(0, HEAD);
  draw(pen, svg.firstElementChild);
  pen.restore();
  let y = HEAD + height + LINE / 2;
  for (const item of lines) {
    pen.save();
    pen.translate(0, y);
    for (const shape of item.querySelectorAll("svg > *")) drawShape(pen, shape);
    pen.restore();
    write(pen, item.querySelector("a").textContent, 52, y + 11, `15px ${family}`, ink, width - 52);
    y += LINE;
  }
  write(pen, from, 0, y + 11, `13px ${family}`, soft, width);
  canvas.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${name}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
}

function draw(pen, group) {
  const [, x, y] = group.getAttribute("transform").match(/([\d.]+) ([\d.]+)/);
  pen.translate(Number(x), Number(y));
  for (const shape of group.querySelectorAll("path, rect.rect, text")) {
    if (shape.tagName === "text") drawText(pen, shape);
    else drawShape(pen, shape);
  }
}

function drawShape(pen, shape) {
  const style = getComputedStyle(shape);
  const path = outline(shape);
  if (style.fill !== "none") {
    pen.fillStyle = style.fill;
    pen.fill(path);
  }
  if (style.stroke === "none") return;
  pen.strokeStyle = style.stroke;
  pen.lineWidth = Number.parseFloat(style.strokeWidth);
  pen.lineCap = style.strokeLinecap;
  pen.lineJoin = style.strokeLinejoin;
  pen.setLineDash(style.strokeDasharray === "none" ? [] : style.strokeDasharray.split(",").map(Number.parseFloat));
  pen.stroke(path);
}

function outline(shape) {
  if (shape.tagName === "path") return new Path2D(shape.getAttribute("d"));
  const path = new Path2D();
  const number = (name) => Number(shape.getAttribute(name));
  if (shape.tagName === "circle") path.arc(number("cx"), number("cy"), number("r"), 0, 2 * Math.PI);
  else path.rect(number("x"), number("y"), number("width"), number("height"));
  return path;
}

function drawText(pen, text) {
  const { textAnchor, fill, fontSize, fontFamily, translate } = getComputedStyle(text);
  const lower = Number.parseFloat(translate.split(" ")[1] ?? "0"); // on a phone
  pen.font = `${fontSize} ${fontFamily}`;
  pen.fillStyle = fill;
  pen.textAlign = { middle: "center", end: "end" }[textAnchor] ?? "start";
  pen.fillText(text.textContent, Number(text.getAttribute("x")), Number(text.getAttribute("y")) + lower);
  pen.textAlign = "start";
}

// What does not fit ends in an ellipsis.
function write(pen, text, x, y, font, colour, width) {
  pen.font = font;
  pen.fillStyle = colour;
  let shown = text;
  while (pen.measureText(shown).width > width && shown.length > 1) shown = `${shown.slice(0, -2)}…`;
  pen.fillText(shown, x, y);
}
