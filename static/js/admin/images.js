// Pictures that are pasted or dragged in.

/** The images among files or in a transfer, in the order of their names: 图2 before 图10. */
export function imagesOf(transfer) {
  const files = transfer?.files ?? transfer ?? [];
  return [...files]
    .filter(file => file.type.startsWith("image/"))
    .sort((one, other) => one.name.localeCompare(other.name, "zh", { numeric: true }));
}
