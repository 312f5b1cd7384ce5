import { declareServer, DEFAULT_SETTINGS, nameTools, type SavedScript } from '@smcp/codemode';
import { lineDiff } from '../../output/line-diff.ts';
import type { Output } from '../../output/output.ts';
import { oneLine } from '../../output/printable.ts';

const SCRIPTS = { name: 'scripts', alias: 'scripts', snake: 'scripts' } as const;
const { maxDescriptionChars } = DEFAULT_SETTINGS;

/** How other scripts and clients call it, as the declaration of its tool. */
export function signatureOf({ name, description, inputSchema, outputSchema }: SavedScript): string {
  const tools = nameTools([
    { name, title: undefined, description, inputSchema, outputSchema, annotations: undefined },
  ]);
  const { text, tools: places } = declareServer(SCRIPTS, tools, { maxDescriptionChars });
  const [place] = places;
  const lines = place === undefined ? [] : text.split('\n').slice(place.from - 1, place.to);
  return lines.map((line) => line.replace(/^ {2}/, '')).join('\n');
}

/**
 * Everything about one version, for people who decide on it.
 *
 * @param inForce The version that it would replace, if there is one and it is another.
 */
export function scriptText(out: Output, script: SavedScript, inForce: SavedScript | undefined): string {
  const { name, version, state, servers, savedBy, savedAt, digest, findings, code } = script;
  const facts: readonly (readonly [string, string])[] = [
    ['Script', `${name}@${version}`],
    ['State', stateText(script)],
    ['Does', oneLine(script.description, 500)],
    ['Servers', servers.length === 0 ? 'none' : servers.map((server) => oneLine(server, 64)).join(', ')],
    ['Saved', `${timeText(savedAt)} by ${oneLine(savedBy, 100)}`],
    ['Digest', digest],
    ...(state === 'waiting' && inForce !== undefined
      ? [['Replaces', `${name}@${inForce.version}`] as const]
      : []),
  ];
  return [
    ...facts.map(([head, text]) => `${`${head}:`.padEnd(10)}${text}`),
    '',
    ...(findings.length === 0
      ? ['Nothing in it was found worth a second look']
      : [
          out.style('yellow', 'Worth a second look:'),
          ...findings.map((finding) => `  ${oneLine(finding, 300)}`),
        ]),
    '',
    out.style('bold', 'Signature'),
    ...indented(out.printable(signatureOf(script)).split('\n')),
    '',
    out.style('bold', 'Code'),
    ...indented(out.printable(code.trimEnd()).split('\n')),
    ...(inForce === undefined
      ? []
      : [
          '',
          out.style('bold', `Against ${name}@${inForce.version}, which is in force`),
          ...lineDiff(out, linesOf(out, inForce), linesOf(out, script)),
        ]),
  ].join('\n');
}

/** `approved 2026-11-20 14:05 by operator:alice` */
function stateText({ state, answeredBy, answeredAt }: SavedScript): string {
  if (answeredBy === undefined || answeredAt === undefined) return state;
  return `${state}, ${timeText(answeredAt)} by ${oneLine(answeredBy, 100)}`;
}

/** `2026-11-20 14:05` in UTC. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

/** All of a script that an approval is for. */
function linesOf(out: Output, script: SavedScript): readonly string[] {
  const { description, language, servers, inputSchema, outputSchema, code } = script;
  const head = JSON.stringify({ description, language, servers, inputSchema, outputSchema }, undefined, 2);
  return [...head.split('\n'), ...code.trimEnd().split('\n')].map((line) => out.printable(line));
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}
