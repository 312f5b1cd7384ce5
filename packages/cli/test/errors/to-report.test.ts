import { ConfigError } from '@smcp/gateway';
import { PolicyError } from '@smcp/policy';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { CliError } from '../../src/errors/cli-error.ts';
import { toReport } from '../../src/errors/to-report.ts';

function systemError(fields: Readonly<Record<string, unknown>>): Error {
  return Object.assign(new Error('it failed'), fields);
}

function coded(code: string): Error {
  return Object.assign(new Error(`about ${code}`), { code });
}

describe('toReport()', () => {
  it('keeps code, exit and remedy of what a command refuses', () => {
    expect(toReport(new CliError('NOT_FOUND', 'No x', { remedy: 'make x' }))).toEqual({
      exit: 1,
      code: 'NOT_FOUND',
      message: 'No x',
      remedy: 'make x',
    });
  });

  it('lists every problem of a configuration', () => {
    const at = { file: 'smcp.yaml', column: 5, path: 'a.b', code: 'unknown-key' } as const;
    const problems = [
      { ...at, line: 2, message: 'Unknown key' },
      { ...at, line: 3, message: 'Unknown key', hint: 'did you mean "c"?' },
    ];
    expect(toReport(new ConfigError('CONFIG_INVALID', problems))).toMatchObject({
      exit: 2,
      code: 'CONFIG_INVALID',
      details: { problems },
      lines: [
        'smcp.yaml:2:5 a.b: Unknown key',
        'smcp.yaml:3:5 a.b: Unknown key; did you mean "c"?',
        '2 problems; nothing was started or changed',
      ],
    });
  });

  it('names the line of a policy that cannot be compiled', () => {
    const error = new PolicyError('POLICY_BAD_SCHEMA', 'Schema is wrong', { line: 12 });
    expect(toReport(error)).toMatchObject({ exit: 2, message: 'Schema is wrong (line 12)' });
  });

  it.each([
    ['CONFIG_SYNTAX', 2],
    ['IDENTITY_INVALID', 2],
    ['VAULT_NAME_INVALID', 2],
    ['DELEGATION_DEPTH', 2],
    ['IDENTITY_NAME_TAKEN', 1],
    ['VAULT_UNREADABLE', 1],
    ['STORE_UNAVAILABLE', 1],
    ['HOME_INSECURE', 1],
    ['AUDIT_LOCKED', 1],
    ['UPSTREAM_UNAVAILABLE', 1],
  ])('ends with the right code for %s', (code, exit) => {
    expect(toReport(coded(code))).toMatchObject({ exit, code, message: `about ${code}` });
  });

  it('says who may help when a port is in use', () => {
    const report = toReport(
      systemError({ code: 'EADDRINUSE', syscall: 'listen', address: '127.0.0.1', port: 8080 }),
    );
    expect(report).toMatchObject({
      exit: 1,
      code: 'EADDRINUSE',
      message: 'Another program listens on 127.0.0.1:8080 already',
    });
    expect(report.remedy).toContain('--listen');
  });

  it.each([
    ['EACCES', 'listen', 'This user may not listen on 0.0.0.0:80'],
    ['EADDRNOTAVAIL', 'listen', '0.0.0.0:80 is no address of this machine'],
    ['ENOENT', 'open', '/x does not exist'],
    ['EACCES', 'open', '/x may not be used by this user'],
    ['ENOSPC', 'write', 'The disk is full'],
    ['EWEIRD', 'open', 'it failed'],
  ])('puts %s of %s into words', (code, syscall, message) => {
    const report = toReport(systemError({ code, syscall, address: '0.0.0.0', port: 80, path: '/x' }));
    expect(report).toMatchObject({ exit: 1, code, message });
  });

  it('never repeats the value of an option that is not known', () => {
    const error = new CommanderError(1, 'commander.unknownOption', "error: unknown option '--value=hunter2'");
    expect(toReport(error)).toEqual({ exit: 2, code: 'USAGE', message: "Unknown option '--value=…'" });
  });

  it('never repeats a token that stands in the wrong place', () => {
    const token = `smcp_key_${'a1'.repeat(21)}b`;
    const error = new CommanderError(1, 'commander.unknownCommand', `error: unknown command '${token}'`);
    expect(toReport(error).message).not.toContain(token);
  });

  it('calls anything else unexpected', () => {
    expect(toReport(new TypeError('x is not a function'))).toMatchObject({
      exit: 1,
      code: 'INTERNAL',
      message: 'Unexpected failure: TypeError: x is not a function',
    });
    expect(toReport('text')).toMatchObject({ exit: 1, code: 'INTERNAL' });
  });
});
