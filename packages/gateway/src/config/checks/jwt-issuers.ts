import { child, entriesOf, ifText, itemsOf, quote, type ConfigNode } from '../config-node.ts';
import { ifListenAddress, isLoopbackHost } from '../listen-address.ts';
import type { ProblemList } from '../problems.ts';
import { isMetadataAddress } from '../upstream-address.ts';
import { didYouMean } from '../wording.ts';
import type { Check } from './check.ts';

/** Issuers can be told apart and asked safely, and what they say leads to roles that exist. */
export const checkJwtIssuers: Check = (root, problems) => {
  const issuers = entriesOf(child(root, 'jwt_issuers'));
  const known = entriesOf(child(root, 'roles')).map(([name]) => name);
  const lines = new Map<string, number>();
  for (const [, entry] of issuers) {
    const issuer = child(entry, 'issuer');
    checkIssuer(issuer, problems);
    checkAddress(child(entry, 'jwks_url'), problems);
    checkTwice(issuer, lines, problems);
    checkRoles(entry, known, problems);
  }
  const [first] = issuers;
  if (first !== undefined) checkReachable(root, first[1], problems);
};

function checkIssuer(node: ConfigNode | undefined, problems: ProblemList): void {
  checkAddress(node, problems);
  const url = URL.parse(ifText(node) ?? '');
  if (node === undefined || url === null) return;
  if (url.search !== '') problems.error(node, 'forbidden', 'An issuer has no "?" part');
  if (url.pathname.includes('/.well-known/')) {
    const hint = 'leave out "/.well-known/…"; the gateway finds it';
    problems.error(
      node,
      'wrong-value',
      'Expected the issuer itself, found the address of its metadata',
      hint,
    );
  }
}

function checkAddress(node: ConfigNode | undefined, problems: ProblemList): void {
  const url = URL.parse(ifText(node) ?? '');
  if (node === undefined || url === null || !/^https?:$/.test(url.protocol)) return;
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    problems.error(node, 'forbidden', 'This address has no user name, password or "#" part');
  }
  if (isMetadataAddress(url)) {
    problems.error(node, 'forbidden', 'Link-local and metadata addresses are never reached');
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname.replace(/^\[|\]$/g, ''))) {
    problems.error(
      node,
      'forbidden',
      'Whoever is on the way could put in keys of his own',
      'use https; http is for issuers on this machine',
    );
  }
}

/** Tokens find their entry by `iss` alone. */
function checkTwice(node: ConfigNode | undefined, lines: Map<string, number>, problems: ProblemList): void {
  const issuer = ifText(node);
  if (node === undefined || issuer === undefined) return;
  const line = lines.get(issuer);
  if (line === undefined) lines.set(issuer, node.at.line);
  else problems.error(node, 'duplicate', `This issuer was already given in line ${line}`);
}

function checkRoles(entry: ConfigNode, known: readonly string[], problems: ProblemList): void {
  const roles = entriesOf(child(entry, 'roles'));
  if (entry.kind === 'map' && roles.length === 0) {
    problems.warn(entry, 'no-effect', 'Without "roles" the users of this issuer can call nothing');
  }
  for (const [, node] of roles) {
    for (const role of node.kind === 'list' ? itemsOf(node) : [node]) {
      const name = ifText(role);
      if (name !== undefined && !known.includes(name)) {
        problems.error(role, 'role-unknown', `There is no role ${quote(name)}`, didYouMean(name, known));
      }
    }
  }
}

/** What clients are told about this gateway is made of its address. */
function checkReachable(root: ConfigNode, entry: ConfigNode, problems: ProblemList): void {
  const listen = ifListenAddress(ifText(child(root, 'listen')) ?? '127.0.0.1:8080');
  if (child(root, 'public_url') !== undefined || listen === undefined || listen.loopback) return;
  problems.warn(
    entry,
    'missing-key',
    'Clients elsewhere cannot learn for which address to ask for a token',
    'set "public_url"',
  );
}
