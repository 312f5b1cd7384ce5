import { ConfigError, createRedactor, formatProblem } from '@smcp/gateway';
import { PolicyError } from '@smcp/policy';
import { CommanderError } from 'commander';
import { counted } from '../output/count.ts';
import { EXIT } from '../output/exit-codes.ts';
import { firstLines } from '../output/first-lines.ts';
import { CliError } from './cli-error.ts';
import type { ErrorReport } from './error-report.ts';
import { ifSystemReport } from './system-errors.ts';

/** Coded errors that come from what the user wrote; every other coded error is a failure. */
const USAGE_CODES: ReadonlySet<string> = new Set([
  'CONFIG_UNREADABLE',
  'CONFIG_SYNTAX',
  'CONFIG_INVALID',
  'CONFIG_VARIABLE_MISSING',
  'IDENTITY_INVALID',
  'VAULT_NAME_INVALID',
  'VAULT_VALUE_INVALID',
  'POLICY_BAD_PATTERN',
  'POLICY_BAD_SCHEMA',
  'POLICY_EMPTY_RULE',
  'POLICY_BAD_ROLE',
  'POLICY_DUPLICATE_ROLE',
  'STORE_UNSUPPORTED',
]);

const REMEDIES: ReadonlyMap<string, string> = new Map([
  [
    'AUDIT_LOCKED',
    'another smcp process uses the same state folder in this way; end it, try again later, or choose another folder with --home',
  ],
  ['AUDIT_UNWRITABLE', 'nothing is done that cannot be recorded; make the audit folder writable'],
  [
    'IDENTITY_NAME_TAKEN',
    'choose another name; names of revoked entries stay taken, so that records stay unambiguous',
  ],
  ['STORE_TOO_NEW', 'a newer smcp has used this state folder; use that version'],
]);

// Whoever mistypes a command may put a token anywhere, and parsers quote what they do not understand.
const redactor = createRedactor({ patterns: [], secretValues: () => [] });

/** The one place where errors become messages and exit codes. */
export function toReport(error: unknown): ErrorReport {
  const report = describe(error);
  const { message, lines } = report;
  return {
    ...report,
    message: redactor.redactText(message),
    ...(lines === undefined ? {} : { lines: lines.map((line) => redactor.redactText(line)) }),
  };
}

function describe(error: unknown): ErrorReport {
  if (error instanceof CliError) {
    return { exit: error.exit, code: error.code, message: error.message, remedy: error.remedy };
  }
  if (error instanceof ConfigError) return configReport(error);
  if (error instanceof PolicyError) {
    const line = error.place.line === undefined ? '' : ` (line ${error.place.line})`;
    return {
      exit: EXIT.usage,
      code: error.code,
      message: error.message + line,
      details: { place: error.place },
    };
  }
  if (error instanceof CommanderError) return usageReport(error);
  const system = ifSystemReport(error);
  if (system !== undefined) return system;
  if (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[A-Z]+(?:_[A-Z]+)+$/.test(error.code)
  ) {
    const { code, message } = error;
    const isUsage = USAGE_CODES.has(code) || code.startsWith('DELEGATION_');
    return { exit: isUsage ? EXIT.usage : EXIT.failure, code, message, remedy: REMEDIES.get(code) };
  }
  const message =
    error instanceof Error ? `${error.name}: ${error.message}` : 'Something that is no error was thrown';
  return { exit: EXIT.failure, code: 'INTERNAL', message: `Unexpected failure: ${message}` };
}

function configReport(error: ConfigError): ErrorReport {
  const { code, problems } = error;
  const count = counted(problems.length, 'problem');
  return {
    exit: EXIT.usage,
    code,
    message: problems.length === 1 ? error.message : `${count} in the configuration`,
    details: { problems },
    lines: [
      ...firstLines(problems.map(formatProblem), 'problem'),
      `${count}; nothing was started or changed`,
    ],
  };
}

/** Options are told by name only: their value may be a secret. */
function usageReport(error: CommanderError): ErrorReport {
  const message = error.message
    .replace(/^error: /, '')
    .replaceAll(/'(--[^'=]+)=[^']*'/g, "'$1=…'")
    .replaceAll(/\n/g, ' ');
  const isHelp = error.code === 'commander.help';
  return { exit: EXIT.usage, code: 'USAGE', message: isHelp ? 'A command is missing' : capitalized(message) };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
