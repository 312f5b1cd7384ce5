import { isAbsolute } from 'node:path';
import { CODE_SERVER, SCRIPTS_SERVER } from '../../builtin/names.ts';
import { child, entriesOf, ifText, itemsOf, quote, type ConfigNode } from '../config-node.ts';
import type { ProblemList } from '../problems.ts';
import { isMetadataAddress, isReadableOnTheWay } from '../upstream-address.ts';
import { nearest } from '../wording.ts';
import type { Check } from './check.ts';

const ONLY_WITH_URL = [
  ['transport'],
  ['credentials', 'headers'],
  ['credentials', 'passthrough', 'as'],
  ['credentials', 'passthrough', 'scheme'],
] as const;

const ONLY_WITH_COMMAND = [
  ['args'],
  ['env'],
  ['allow_dangerous_env'],
  ['cwd'],
  ['credentials', 'env'],
  ['credentials', 'passthrough', 'env'],
] as const;

/** A server is reached in exactly one way, and its other keys fit that way. */
export const checkServerKind: Check = (root, problems) => {
  for (const [name, server] of entriesOf(child(root, 'servers'))) {
    checkName(name, server, child(root, 'code_mode') !== undefined, problems);
    if (server.kind !== 'map') continue;
    const url = child(server, 'url');
    const command = child(server, 'command');
    if (url !== undefined && command !== undefined) {
      problems.keyError(command, 'conflict', 'Expected either "url" or "command", found both');
    } else if (url !== undefined) {
      refuseKeys(server, ONLY_WITH_COMMAND, 'command', problems);
    } else if (command !== undefined) {
      refuseKeys(server, ONLY_WITH_URL, 'url', problems);
    } else if (!hasMisspelt(server)) {
      problems.keyError(server, 'missing-key', 'Expected "url" or "command", found neither');
    }
    checkUrl(url, server, problems);
    checkCommand(server, problems);
    checkTools(server, problems);
    checkStart(server, problems);
  }
};

/** The gateway's own tools stand under names in policies and records that must not mean anything else. */
function checkName(name: string, server: ConfigNode, hasScripts: boolean, problems: ProblemList): void {
  if (name === CODE_SERVER || (hasScripts && name === SCRIPTS_SERVER)) {
    problems.keyError(
      server,
      'conflict',
      `The name ${quote(name)} is that of tools of the gateway itself; take another`,
    );
  }
}

/** What each caller has of its own cannot run before there is a caller. */
function checkStart(server: ConfigNode, problems: ProblemList): void {
  const start = child(server, 'start');
  const scope =
    ifText(child(server, 'scope')) ?? (child(server, 'url') === undefined ? 'shared' : 'principal');
  if (start !== undefined && ifText(start) === 'eager' && scope !== 'shared') {
    problems.warn(
      start,
      'no-effect',
      'Only a server with `scope: shared` can start before its first caller',
      'set the scope or leave this out',
    );
  }
}

function hasMisspelt(server: ConfigNode): boolean {
  return entriesOf(server).some(([key]) => nearest(key, ['url', 'command']) !== undefined);
}

function refuseKeys(
  server: ConfigNode,
  paths: readonly (readonly string[])[],
  wanted: string,
  problems: ProblemList,
): void {
  for (const path of paths) {
    const node = path.reduce<ConfigNode | undefined>(child, server);
    if (node !== undefined && !isEmpty(node)) {
      problems.keyError(node, 'conflict', `Only a server with ${quote(wanted)} can have this key`);
    }
  }
}

function isEmpty(node: ConfigNode): boolean {
  return (
    (node.kind === 'map' && node.entries.size === 0) || (node.kind === 'list' && node.items.length === 0)
  );
}

function checkUrl(node: ConfigNode | undefined, server: ConfigNode, problems: ProblemList): void {
  const text = ifText(node);
  const url = text === undefined ? null : URL.parse(text);
  if (node === undefined || url === null || !/^https?:$/.test(url.protocol)) return;
  if (url.username !== '' || url.password !== '') {
    problems.error(
      node,
      'forbidden',
      'A URL may not hold a user name or password',
      'use "credentials.headers"',
    );
  }
  if (url.hash !== '') problems.error(node, 'forbidden', 'A server URL has no "#" part');
  if (isMetadataAddress(url)) {
    problems.error(node, 'forbidden', 'Link-local and metadata addresses are never reached');
  }
  if (isReadableOnTheWay(url) && sendsCredential(server)) {
    problems.warn(node, 'secret-exposed', 'The credential travels in readable form over http', 'use https');
  }
}

function sendsCredential(server: ConfigNode): boolean {
  const mode = ifText(child(server, 'credential_mode'));
  return (
    mode === 'passthrough' ||
    mode === 'optional' ||
    entriesOf(child(child(server, 'credentials'), 'headers')).length > 0
  );
}

function checkCommand(server: ConfigNode, problems: ProblemList): void {
  const node = child(server, 'command');
  const command = ifText(node);
  if (node !== undefined && command !== undefined) {
    if (/[/\\]/.test(command) && !isAbsolute(command)) {
      problems.error(
        node,
        'wrong-value',
        'Expected a name found on PATH or an absolute path, found a relative path',
      );
    } else if (/\s/.test(command) && !isAbsolute(command)) {
      problems.error(
        node,
        'wrong-value',
        'Expected a program alone, found blanks in its name',
        'put arguments in "args"',
      );
    }
  }
  for (const text of [node, child(server, 'cwd'), ...itemsOf(child(server, 'args'))]) {
    if (text !== undefined && /[\0\r\n]/.test(ifText(text) ?? '')) {
      problems.error(text, 'forbidden', 'Line breaks and NUL are not allowed here');
    }
  }
}

function checkTools(server: ConfigNode, problems: ProblemList): void {
  const name = String(server.path.at(-1));
  for (const [glob, settings] of entriesOf(child(server, 'tools'))) {
    if (!/^[^\s\p{Cc}]{1,256}$/u.test(glob)) {
      problems.keyError(settings, 'wrong-value', `Expected a glob over tool names, found ${quote(glob)}`);
    } else if (glob.startsWith(`${name}:`)) {
      const hint = `write ${quote(glob.slice(name.length + 1))}`;
      problems.keyError(settings, 'wrong-value', 'Expected a glob without the server part', hint);
    }
  }
}
