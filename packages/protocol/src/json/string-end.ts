/** Position behind the closing quote of the JSON string that opens at `open`; undefined when it does not end. */
export function endOfJsonString(text: string, open: number): number | undefined {
  let quote = text.indexOf('"', open + 1);
  while (quote !== -1) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  return undefined;
}
