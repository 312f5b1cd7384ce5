import { child, entriesOf, ifText, itemsOf, quote, type ConfigNode } from '../config-node.ts';
import { isHeaderName, isHeaderValue, isReservedHeader } from '../http-header.ts';
import { isDangerousVariable, isVariableName } from '../process-environment.ts';
import type { ProblemList } from '../problems.ts';
import type { Check } from './check.ts';

/** What a server is given can be sent as written, and reaches nobody else. */
export const checkServerCredentials: Check = (root, problems) => {
  for (const [, server] of entriesOf(child(root, 'servers'))) {
    const credentials = child(server, 'credentials');
    checkHeaders(child(credentials, 'headers'), problems);
    checkEnvironment(server, problems);
    checkPassthrough(server, problems);
  }
};

/** Headers sent to the collector of telemetry. */
export const checkTelemetryHeaders: Check = (root, problems) => {
  checkHeaders(child(child(root, 'telemetry'), 'otlp_headers'), problems);
};

function checkHeaders(headers: ConfigNode | undefined, problems: ProblemList): void {
  const seen = new Set<string>();
  for (const [name, node] of entriesOf(headers)) {
    checkHeaderName(name, (message, hint) => problems.keyError(node, 'forbidden', message, hint));
    if (seen.has(name.toLowerCase())) {
      problems.keyError(
        node,
        'duplicate',
        'This header was already given; case does not matter in header names',
      );
    }
    seen.add(name.toLowerCase());
    const value = ifText(node);
    if (value !== undefined && !isHeaderValue(value)) {
      problems.error(
        node,
        'forbidden',
        'A header value cannot hold line breaks, control characters or characters beyond Latin-1',
      );
    }
  }
}

function checkHeaderName(name: string, report: (message: string, hint?: string) => void): void {
  if (!isHeaderName(name)) report(`Expected the name of an HTTP header, found ${quote(name)}`);
  else if (isReservedHeader(name))
    report(`The header ${quote(name)} belongs to the connection or the protocol`);
}

function checkEnvironment(server: ConfigNode, problems: ProblemList): void {
  const allowed = new Set(itemsOf(child(server, 'allow_dangerous_env')).map(ifText));
  const secretEnv = child(child(server, 'credentials'), 'env');
  for (const [name, node] of [...entriesOf(child(server, 'env')), ...entriesOf(secretEnv)]) {
    checkVariable(name, allowed, (message, hint) => problems.keyError(node, 'forbidden', message, hint));
    if (/[\0\r\n]/.test(ifText(node) ?? '')) {
      problems.error(node, 'forbidden', 'Line breaks and NUL are not allowed in a variable');
    }
  }
  for (const [name, node] of entriesOf(secretEnv)) {
    if (child(child(server, 'env'), name) !== undefined) {
      problems.keyError(node, 'duplicate', 'This variable is also given in "env"');
    }
  }
}

function checkVariable(
  name: string,
  allowed: ReadonlySet<string | undefined>,
  report: (message: string, hint?: string) => void,
): void {
  if (!isVariableName(name)) {
    report(`Expected the name of a variable (letters, digits and "_"), found ${quote(name)}`);
  } else if (isDangerousVariable(name) && !allowed.has(name)) {
    report(
      `The variable ${name} changes which code runs, whom it trusts or where it connects`,
      'when that is wanted, name it in "allow_dangerous_env" of the server',
    );
  }
}

function checkPassthrough(server: ConfigNode, problems: ProblemList): void {
  const modeNode = child(server, 'credential_mode');
  const mode = ifText(modeNode);
  const usesCallers = mode === 'passthrough' || mode === 'optional';
  const passthrough = child(child(server, 'credentials'), 'passthrough');
  if (passthrough !== undefined && !usesCallers && (mode === 'gateway' || modeNode === undefined)) {
    problems.warn(passthrough, 'no-effect', 'Without effect while "credential_mode" is "gateway"');
  }
  checkPassthroughNames(server, passthrough, problems);
  if (modeNode === undefined || !usesCallers) return;
  const scope = child(server, 'scope');
  if (ifText(scope) === 'shared' && scope !== undefined) {
    problems.error(
      scope,
      'conflict',
      'One caller’s credential would serve the others',
      'use "principal" or "session"',
    );
  }
  if (child(server, 'command') === undefined) return;
  if (child(passthrough, 'env') === undefined) {
    problems.error(
      modeNode,
      'missing-key',
      'A process gets the caller’s credential in a variable',
      'name it in "credentials.passthrough.env"',
    );
  }
  if (scope === undefined) {
    problems.error(
      modeNode,
      'missing-key',
      'A shared process cannot have the credential of one caller',
      'add "scope: principal" or "scope: session"',
    );
  }
}

function checkPassthroughNames(
  server: ConfigNode,
  passthrough: ConfigNode | undefined,
  problems: ProblemList,
): void {
  for (const key of ['header', 'as'] as const) {
    const node = child(passthrough, key);
    const name = ifText(node);
    if (node === undefined || name === undefined) continue;
    checkHeaderName(name, (message) => problems.error(node, 'forbidden', message));
    if (key === 'header' && ['authorization', 'cookie'].includes(name.toLowerCase())) {
      problems.error(
        node,
        'forbidden',
        `The header ${quote(name)} carries the caller’s login at the gateway`,
        'choose another, such as "X-Name-Token"',
      );
    }
  }
  const scheme = child(passthrough, 'scheme');
  const word = ifText(scheme);
  if (scheme !== undefined && word !== undefined && word !== '' && !isHeaderName(word)) {
    problems.error(scheme, 'wrong-value', 'Expected one word such as "Bearer", or nothing');
  }
  const variable = child(passthrough, 'env');
  const name = ifText(variable);
  if (variable !== undefined && name !== undefined) {
    const allowed = new Set(itemsOf(child(server, 'allow_dangerous_env')).map(ifText));
    checkVariable(name, allowed, (message, hint) => problems.error(variable, 'forbidden', message, hint));
  }
}
