import { parseArgs } from 'node:util';
import { chosen } from '../bench/chosen.ts';
import { TRANSPORTS } from './fixture/options.ts';
import type { Way } from './judge/ways.ts';
import { SETS, type SetName } from './suite/requirement-sets.ts';

export interface Options {
  readonly ways: readonly Way[];
  readonly sets: readonly SetName[];
  readonly scenario: string | undefined;
  readonly direct: boolean;
  readonly keep: boolean;
  readonly mayAsk: boolean;
  /** File for all results as JSON. */
  readonly json: string | undefined;
}

export const USAGE = `Usage: node conformance/run.ts [options]
  --upstream NAME      ${TRANSPORTS.join(', ')}; several times for several; default: all
  --requirements NAME  ${SETS.join(', ')}; several times for several; default: all
  --scenario NAME      only this scenario
  --direct             judge the fixture itself, without the gateway
  --json FILE          write all results as JSON
  --keep               keep what the runner wrote, in out/conformance
  --no-may-ask         leave \`may_ask\` out of the configuration: the server may not ask for samples`;

/** @throws {TypeError} When an option is unknown, lacks its value, or has one that is not known. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      upstream: { type: 'string', multiple: true, default: [] },
      requirements: { type: 'string', multiple: true, default: [] },
      scenario: { type: 'string' },
      direct: { type: 'boolean', default: false },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
      'may-ask': { type: 'boolean', default: true },
    },
  });
  return {
    ways: chosen('--upstream', values.upstream, TRANSPORTS),
    sets: chosen('--requirements', values.requirements, SETS),
    scenario: values.scenario,
    direct: values.direct,
    keep: values.keep,
    mayAsk: values['may-ask'],
    json: values.json,
  };
}
