import type { JsonValue } from '@smcp/protocol';
import type { ScriptRequest } from '../script-request.ts';
import { findCodeShapes } from './code-shapes.ts';
import { findHiddenText } from './hidden-text.ts';
import { findInstructionPhrases } from './instruction-phrases.ts';
import { findSecretShapes } from './secret-shapes.ts';

export interface ScriptScan {
  /** Credentials in the script, by kind and place: it must not be kept. */
  readonly secrets: readonly string[];
  /** What whoever approves the script should look at; each starts with the member it is about. */
  readonly findings: readonly string[];
}

const MAX_FINDINGS = 40;

/**
 * Looks a script over before it is kept. Deterministic, and in time linear in its size. A scan without findings is no licence: the script is still approved by
 * a person, and runs with the rights of its caller.
 *
 * @param holdsSecret Whether a text holds a credential that the host keeps.
 */
export function scanScript(
  script: ScriptRequest,
  holdsSecret: (text: string) => boolean = () => false,
): ScriptScan {
  const texts: readonly (readonly [string, string])[] = [
    ['code', script.code],
    ['description', script.description],
    ['input', textsOf(script.inputSchema)],
    ['output', textsOf(script.outputSchema ?? null)],
  ];
  const secrets = texts.flatMap(([member, text]) => [
    ...findSecretShapes(text).map((secret) => `${member} holds ${secret}`),
    ...(holdsSecret(text) ? [`${member} holds a credential of this gateway`] : []),
  ]);
  const findings = texts.flatMap(([member, text]) =>
    [
      ...findHiddenText(text),
      ...findInstructionPhrases(text),
      ...(member === 'code' ? findCodeShapes(text) : []),
    ].map((finding) => `${member}: ${finding}`),
  );
  const more = findings.length - MAX_FINDINGS;
  return {
    secrets,
    findings: more > 0 ? [...findings.slice(0, MAX_FINDINGS), `and ${more} more`] : findings,
  };
}

/** Every key and text of a value, one per line. */
function textsOf(value: JsonValue): string {
  const texts: string[] = [];
  const visit = (each: JsonValue): void => {
    if (typeof each === 'string') texts.push(each);
    if (typeof each !== 'object' || each === null) return;
    for (const [key, member] of Object.entries(each)) {
      texts.push(key);
      visit(member);
    }
  };
  visit(value);
  return texts.join('\n');
}
