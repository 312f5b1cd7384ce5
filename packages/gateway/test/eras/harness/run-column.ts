import type { EraClient } from '../client/era-client.ts';
import type { Feature, Meeting } from '../features/feature.ts';

/** What came of each feature by its name: undefined when it works, else the first line of what went wrong. */
export type Column = ReadonlyMap<string, string | undefined>;

/** Shows all features one after the other between one client and one server. A client that cannot connect fails all. */
export async function runColumn(
  features: readonly Feature[],
  connect: () => Promise<EraClient>,
  named: Meeting['named'] = (name) => name,
): Promise<Column> {
  let client: EraClient;
  try {
    client = await connect();
  } catch (error) {
    return new Map(features.map(({ name }) => [name, `not connected: ${firstLine(error)}`]));
  }
  await using _closing = client;
  const column = new Map<string, string | undefined>();
  for (const { name, show } of features) {
    client.forget();
    column.set(
      name,
      await show({ client, named, another: connect }).then(
        () => undefined,
        (error: unknown) => firstLine(error),
      ),
    );
  }
  return column;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
