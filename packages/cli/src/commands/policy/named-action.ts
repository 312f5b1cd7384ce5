import type { Action } from '@smcp/policy';
import { CliError } from '../../errors/cli-error.ts';

export interface ActionOptions {
  readonly tool?: string;
  readonly prompt?: string;
  readonly resource?: string;
}

/**
 * What `--tool server:tool`, `--prompt server:name` or `--resource server:uri` names.
 *
 * @throws {CliError} `USAGE` unless exactly one is given in that form.
 */
export function namedAction({ tool, prompt, resource }: ActionOptions): Action {
  const given = [
    { kind: 'tool', text: tool },
    { kind: 'prompt', text: prompt },
    { kind: 'resource', text: resource },
  ] as const;
  const [only, ...more] = given.filter(({ text }) => text !== undefined);
  if (only?.text === undefined || more.length > 0) {
    throw new CliError(
      'USAGE',
      'Say what is asked for: one of --tool SERVER:TOOL, --prompt SERVER:NAME or --resource SERVER:URI',
    );
  }
  const [, server, name] = /^([^:]+):(.+)$/s.exec(only.text) ?? [];
  if (server === undefined || name === undefined) {
    throw new CliError('USAGE', `--${only.kind} must have the form SERVER:NAME, such as github:create_issue`);
  }
  return { kind: only.kind, server, name };
}
