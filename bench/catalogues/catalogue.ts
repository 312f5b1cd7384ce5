import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one published server lists, as it was captured. */
export interface Catalogue {
  readonly server: string;
  readonly package: string;
  readonly version: string;
  readonly licence: string;
  readonly tools: readonly CapturedTool[];
}

/** MCP `Tool`, in the server's words. */
export interface CapturedTool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations?: JsonObject;
}

type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
type JsonObject = { readonly [key: string]: JsonValue };

/** All captured catalogues, by name of server. */
export function readCatalogues(): readonly Catalogue[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as Catalogue);
}
