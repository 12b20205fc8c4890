// What scripts say. The words stand in the page, each in a <template data-says="…">, so that they come in the
// characters that the reader chose (archive/traditional), and no script holds a sentence of its own.

// words("moved", { place: 2 }) is `现在是第 2 条` of `现在是第 {place} 条`.
export function words(name, values = {}) {
  const template = document.querySelector(`template[data-says="${name}"]`);
  return template.content.textContent.trim().replace(/\{(\w+)\}/g, (_, key) => values[key]);
}
