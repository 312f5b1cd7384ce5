import type { JsonValue } from '@smcp/protocol';
import { cutText } from './cut-text.ts';
import type { Payload } from './payload.ts';

/** Characters that every part may have, however many others there are. */
const MIN_PART_CHARS = 200;
const MAX_MESSAGE_CHARS = 4000;
const MAX_DECLARATION_CHARS = 4000;

export interface BoundOptions {
  /** Characters of all parts together, without the markers. */
  readonly maxChars: number;
  /** Keeps a whole text; gives the handle under which scripts can fetch it, or undefined. */
  readonly keep: (text: string) => string | undefined;
}

type Part = 'stdout' | 'stderr' | 'result' | 'plan';

/** A payload whose parts fit together into a reply; what had to be cut says so in its place. */
export interface BoundPayload extends Omit<Payload, 'plan'> {
  readonly plan?: Payload['plan'] | string;
}

/**
 * Makes a payload fit: short parts stay, long ones share what is left and lose their middle, which a script can fetch. A result that is cut becomes text.
 */
export function boundPayload(payload: Payload, { maxChars, keep }: BoundOptions): BoundPayload {
  const { error, declarations } = payload;
  const texts = partTexts(payload);
  const room = shares(
    [...texts].map(([part, text]) => [part, text.length] as const),
    maxChars,
  );
  const cut = (part: Part): string | undefined => {
    const text = texts.get(part) ?? '';
    return cutWithMarker(text, room.get(part) ?? 0, keep);
  };
  const [stdout, stderr, result, plan] = [cut('stdout'), cut('stderr'), cut('result'), cut('plan')];
  return {
    ...payload,
    summary: shorten(payload.summary, MAX_MESSAGE_CHARS),
    ...(stdout === undefined ? {} : { stdout: stdout.split('\n') }),
    ...(stderr === undefined ? {} : { stderr: stderr.split('\n') }),
    ...(result === undefined ? {} : { result }),
    ...(plan === undefined ? {} : { plan }),
    ...(error === undefined
      ? {}
      : {
          error: {
            ...error,
            message: shorten(error.message, MAX_MESSAGE_CHARS),
            ...(error.stack === undefined ? {} : { stack: shorten(error.stack, MAX_MESSAGE_CHARS) }),
          },
        }),
    ...(declarations === undefined
      ? {}
      : { declarations: declarations.map((text) => shorten(text, MAX_DECLARATION_CHARS)) }),
  };
}

/** A returned value as text: strings as they are, all else as JSON. */
export function valueText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function partTexts({ stdout, stderr, result, plan }: Payload): ReadonlyMap<Part, string> {
  const texts = new Map<Part, string>();
  if (stdout !== undefined) texts.set('stdout', stdout.join('\n'));
  if (stderr !== undefined) texts.set('stderr', stderr.join('\n'));
  if (result !== undefined) texts.set('result', valueText(result));
  if (plan !== undefined) texts.set('plan', JSON.stringify(plan));
  return texts;
}

/** Shares the room: whoever needs less than an equal part leaves the rest to the others. */
function shares(needs: readonly (readonly [Part, number])[], maxChars: number): ReadonlyMap<Part, number> {
  const given = new Map<Part, number>();
  let room = maxChars;
  const byNeed = needs.toSorted(([, a], [, b]) => a - b);
  for (const [index, [part, need]] of byNeed.entries()) {
    const share = Math.max(MIN_PART_CHARS, Math.floor(room / (byNeed.length - index)));
    given.set(part, Math.min(need, share));
    room -= Math.min(need, share);
  }
  return given;
}

function cutWithMarker(text: string, maxChars: number, keep: BoundOptions['keep']): string | undefined {
  const cut = cutText(text, maxChars);
  if (cut === undefined) return undefined;
  const { head, tail, from, to } = cut;
  const handle = keep(text);
  const remedy =
    handle === undefined
      ? 'print or return less'
      : `in a script: await fetchOutput('${handle}', {from: ${from}, to: ${to}})`;
  return `${head.replace(/\n$/, '')}\n[... ${to - from} characters are missing; ${remedy} ...]\n${tail}`;
}

function shorten(text: string, maxChars: number): string {
  const cut = cutText(text, maxChars);
  return cut === undefined ? text : `${cut.head}[... ${cut.to - cut.from} characters ...]${cut.tail}`;
}
