/** Addresses that show a layer on an input. */
export function at(layer, input, more = {}) {
  return `#${new URLSearchParams({ layer, input, ...more })}`;
}
