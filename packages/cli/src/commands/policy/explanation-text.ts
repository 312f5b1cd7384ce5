import type { Action, Effect, Explanation, Principal } from '@smcp/policy';
import type { Output } from '../../output/output.ts';
import { oneLine } from '../../output/printable.ts';
import { sourcePlace, sourceVersion } from '../../output/source-place.ts';

const COLOURS = { allow: 'green', deny: 'red', ask: 'yellow' } as const satisfies Record<Effect, string>;

/** An explanation for people: the verdict, its reasons, and a table of the rules. */
export function explanationText(
  out: Output,
  principal: Principal,
  action: Action,
  { decision, considered, scopes }: Explanation,
): string {
  const { effect, rule, source, reasons } = decision;
  const who =
    principal.kind === 'operator'
      ? `role ${principal.roles.map((role) => oneLine(role, 64)).join(', ')}`
      : principal.id;
  const what = `${oneLine(action.server, 64)}:${oneLine(action.name, 200)}`;
  const by =
    rule === null || source === null
      ? 'no rule matches'
      : `${rule} at ${sourcePlace(source)}, ${sourceVersion(source)}`;
  const verdict = `${out.style(['bold', COLOURS[effect]], effect.toUpperCase())}  ${what}  for ${who}  (${by})`;
  const parts = [verdict, reasons.map((reason) => `  ${oneLine(reason, 500)}`).join('\n')];
  if (considered.length > 0) {
    parts.push(
      out.table(considered, [
        { head: 'EFFECT', cell: (each) => each.effect },
        { head: 'RULE', cell: (each) => oneLine(each.rule, 60) },
        { head: 'PATTERNS', cell: (each) => oneLine(each.patterns.join(', '), 50) },
        { head: 'APPLIES', cell: (each) => (each.matched ? 'yes' : 'no') },
        { head: 'WHY', cell: (each) => oneLine(each.why, 80) },
        { head: 'WHERE', cell: (each) => sourcePlace(each.source) },
      ]),
    );
  }
  if (scopes.length > 0) {
    parts.push(
      out.table(scopes, [
        { head: 'DELEGATOR', cell: (each) => each.participant },
        { head: 'PASSED ON', cell: (each) => oneLine(each.patterns.join(', '), 80) },
        { head: 'COVERS IT', cell: (each) => (each.matched ? 'yes' : 'no') },
      ]),
    );
  }
  return parts.join('\n\n');
}
