/** The message with this id in a finished event stream of JSON-RPC messages, or undefined when none has it. */
export function ifMessageInEvents(stream: string, id: number): string | undefined {
  for (const event of stream.split(/\r?\n\r?\n/)) {
    const data = event
      .split(/\r?\n/)
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice('data:'.length).trimStart())
      .join('\n');
    if (data !== '' && (JSON.parse(data) as { readonly id?: unknown }).id === id) {
      return data;
    }
  }
  return undefined;
}
