import { CLIENTS, type Discovery, type FileProblem, type Origin, type Places } from './discovery.ts';
import { shortPlace } from './place/resolved-places.ts';

/** `Cursor, ~/.cursor/mcp.json:4`. */
export function originText(origin: Pick<Origin, 'client' | 'file' | 'line'>, places: Places): string {
  const line = origin.line === undefined ? '' : `:${origin.line}`;
  return `${CLIENTS[origin.client]}, ${shortPlace(origin.file, places)}${line}`;
}

/** `~/.cursor/mcp.json:4:7 Not valid JSON`. */
export function problemText({ file, line, column, message }: FileProblem, places: Places): string {
  const place = [line, column].map((number) => (number === undefined ? '' : `:${number}`)).join('');
  return `${shortPlace(file, places)}${place} ${message}`;
}

/** What was taken from where and what not, a line each, for the log of a program that starts without configuration. Holds no secrets; names and paths are as the files have them. */
export function discoveryLines({ found, skipped, problems }: Discovery, places: Places): readonly string[] {
  return [
    ...found.map(({ name, origins, notes }) => {
      const from = origins.map((origin) => originText(origin, places)).join('; ');
      return `took ${name} from ${from}${notes.map((note) => ` (${note})`).join('')}`;
    }),
    ...skipped.map(
      ({ name, origin, reason }) => `left out ${name} of ${originText(origin, places)}: ${reason}`,
    ),
    ...problems.map((problem) => problemText(problem, places)),
  ];
}
