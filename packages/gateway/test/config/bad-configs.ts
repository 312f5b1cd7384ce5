import type { ConfigErrorCode } from '../../src/config/index.ts';

/** Stands for a secret in every file below; no message may hold it. */
export const CANARY = 'canary7f3a9c2e';

/** Path, line, column (null where it depends on the machine), and a part of the message with its hint. */
export type ExpectedProblem = readonly [path: string, line: number, column: number | null, fragment: string];

export interface BadConfig {
  readonly name: string;
  /** Name of the file. Default `smcp.yaml`. */
  readonly file?: string;
  readonly text: string;
  /** Files beside it with their modes. */
  readonly files?: Readonly<Record<string, { readonly text: string; readonly mode: number }>>;
  readonly code: ConfigErrorCode;
  /** All of them, in the order of the file. */
  readonly problems: readonly ExpectedProblem[];
}

const bomb = [
  `a: &a ["${CANARY}","x","x","x","x","x","x","x","x"]`,
  ...['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, index) => {
    const below = `*${'abcdefgh'[index]}`;
    return `${name}: &${name} [${Array<string>(9).fill(below).join(',')}]`;
  }),
].join('\n');

/** The environment of these files has `CANARY`; nothing else is set. */
export const badConfigs: readonly BadConfig[] = [
  // What is not YAML, or a part of YAML that is refused.
  {
    name: 'a quote that never ends',
    text: `listen: ":8080"\napi_keys: "${CANARY}\nlog: {}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [
      ['', 4, 1, 'Missing closing quote, bracket, comma or colon; what begins in line 2 has no end'],
    ],
  },
  {
    name: 'a bracket that never ends',
    text: `roles:\n  eng: {allow: ["${CANARY}:*"\nlog: {}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 3, 1, 'Wrong indentation']],
  },
  {
    name: 'two colons in a line',
    text: `servers:\n  a: b: ${CANARY}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 2, 6, 'put texts that contain ": " in quotes']],
  },
  {
    name: 'a tab that indents',
    text: `log:\n\tlevel: ${CANARY}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 2, 1, 'Tabs cannot indent']],
  },
  {
    name: 'a text that starts with @',
    text: `listen: @${CANARY}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 1, 9, 'cannot start with this character']],
  },
  {
    name: 'an unknown escape',
    text: `listen: "\\q${CANARY}"\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 1, 10, 'Unknown escape']],
  },
  {
    name: 'a custom tag',
    text: `api_keys:\n  - name: a\n    key: !vault ${CANARY}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 3, 10, 'Tags such as "!name" are not allowed']],
  },
  {
    name: 'a tag that makes an object of a language',
    text: `listen: !!js/function "${CANARY}"\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 1, 9, 'Tags such as "!name" are not allowed']],
  },
  {
    name: 'binary data',
    text: `listen: !!binary ${CANARY}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 1, 9, 'Tags such as "!name" are not allowed']],
  },
  {
    name: 'a second document',
    text: `listen: ":8080"\n---\nlisten: "${CANARY}"\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 2, 1, 'found a second one']],
  },
  {
    name: 'YAML 1.1',
    text: `%YAML 1.1\n---\nlisten: ":8080" # ${CANARY}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 1, 1, 'Only YAML 1.2']],
  },
  {
    name: 'a directive without a document',
    text: `%YAML 9 # ${CANARY}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 1, 7, 'Malformed directive']],
  },
  {
    name: 'an alias without anchor, perhaps a password without quotes',
    text: `api_keys:\n  - {name: a, key: *${CANARY}}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['api_keys[0].key', 2, 20, 'texts that start with "*"']],
  },
  {
    name: 'an alias inside what it repeats',
    text: `servers: &all\n  a: *all # ${CANARY}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['servers.a', 2, 6, 'may not stand inside']],
  },
  {
    name: 'a bomb of anchors',
    text: bomb,
    code: 'CONFIG_SYNTAX',
    problems: [['', 4, 8, 'Too many aliases']],
  },
  {
    name: 'a value repeated too often',
    text: `x: &x ["${CANARY}"]\ny: [${Array<string>(101).fill('*x').join(', ')}]\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 2, 405, 'at most 100']],
  },
  {
    name: 'brackets a hundred levels deep',
    text: `x: ${'['.repeat(100)}"${CANARY}"${']'.repeat(100)}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 1, 68, 'more than 64 levels']],
  },
  {
    name: 'brackets without end to their depth',
    text: `x: ${'['.repeat(50_000)}"${CANARY}"${']'.repeat(50_000)}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 1, null, 'Nested too deep']],
  },
  {
    name: 'JSON with a comma too many',
    file: 'smcp.json',
    text: `{\n\t"listen": ":8080",\n\t"api_keys": ["${CANARY}",]\n}\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 3, 32, 'Not valid JSON']],
  },
  {
    name: 'YAML under the name of JSON',
    file: 'smcp.json',
    text: `listen: "${CANARY}"\n`,
    code: 'CONFIG_SYNTAX',
    problems: [['', 1, 1, 'Not valid JSON']],
  },

  // Keys.
  {
    name: 'a key given twice',
    text: `listen: ":1"\n# ${CANARY}\nlisten: ":2"\n`,
    code: 'CONFIG_INVALID',
    problems: [['listen', 3, 1, 'already given in line 1']],
  },
  {
    name: 'a server given twice',
    text: `servers:\n  slack: {url: "https://a.example/${CANARY}"}\n  slack: {url: "https://b.example/"}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.slack', 3, 3, 'already given in line 2']],
  },
  {
    name: 'a key that is a number',
    text: `servers:\n  1: {url: "https://a.example/${CANARY}"}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers', 2, 3, 'Expected a string as key; put it in quotes']],
  },
  {
    name: 'a key that is a list',
    text: `? [${CANARY}]\n: 1\n`,
    code: 'CONFIG_INVALID',
    problems: [['', 1, 3, 'Expected a string as key']],
  },
  {
    name: 'a key that would change the prototype',
    text: `servers:\n  __proto__: {url: "https://a.example/${CANARY}"}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers', 2, 3, '"__proto__" is not allowed']],
  },
  {
    name: 'an unknown key at the top',
    text: `server:\n  a: {url: "https://a.example/${CANARY}"}\n`,
    code: 'CONFIG_INVALID',
    problems: [['server', 1, 1, 'Unknown key; did you mean "servers"?']],
  },
  {
    name: 'an unknown key of a server',
    text: `servers:\n  slack:\n    urll: "https://mcp.slack.com/${CANARY}"\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.slack.urll', 3, 5, 'Unknown key; did you mean "url"?']],
  },
  {
    name: 'an unknown key of credentials',
    text: `servers:\n  slack:\n    url: "https://a.example"\n    credentials:\n      header: {Authorization: "${CANARY}"}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.slack.credentials.header', 5, 7, 'did you mean "headers"?']],
  },
  {
    name: 'an unknown key of a passthrough',
    text: `servers:\n  a:\n    url: "https://a.example"\n    credential_mode: passthrough\n    credentials: {passthrough: {schema: "${CANARY}"}}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.a.credentials.passthrough.schema', 5, 33, 'did you mean "scheme"?']],
  },
  {
    name: 'an unknown key of a tool',
    text: `servers:\n  a:\n    url: "https://a.example/${CANARY}"\n    tools:\n      "get_*": {timeout: 5}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.a.tools["get_*"].timeout', 5, 17, 'did you mean "timeout_seconds"?']],
  },
  {
    name: 'an unknown key of a rate',
    text: `# ${CANARY}\nlimits:\n  principal:\n    rate: {calls: 5/s, bursts: 9}\n`,
    code: 'CONFIG_INVALID',
    problems: [['limits.principal.rate.bursts', 4, 24, 'did you mean "burst"?']],
  },
  {
    name: 'an unknown key of an API key',
    text: `roles: {eng: {}}\napi_keys:\n  - name: a\n    key: smcp_key_${CANARY}\n    roel: eng\n`,
    code: 'CONFIG_INVALID',
    problems: [['api_keys[0].roel', 5, 5, 'did you mean "role"?']],
  },
  {
    name: 'an unknown key of an agent, in camel case',
    text: `roles: {eng: {}}\nagents:\n  - name: a\n    role: eng\n    token: smcp_agent_${CANARY}\n    codeHash: "sha256:1"\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['agents[0].code_hash', 3, 5, 'The key "code_hash" is missing'],
      ['agents[0].codeHash', 6, 5, 'did you mean "code_hash"?'],
    ],
  },
  {
    name: 'an unknown key of a role',
    text: `roles:\n  eng:\n    alow: ["${CANARY}:*"]\n`,
    code: 'CONFIG_INVALID',
    problems: [['roles.eng.alow', 3, 5, 'did you mean "allow"?']],
  },
  {
    name: 'an unknown key of a rule',
    text: `roles:\n  eng:\n    allow:\n      - tool: "*:*"\n        args: {a: {const: "${CANARY}"}}\n`,
    code: 'CONFIG_INVALID',
    problems: [['roles.eng.allow[0].args', 5, 9, 'Unknown key']],
  },
  {
    name: 'unknown keys of the smaller sections',
    text: `http: {max_body: 1}\naudit: {syncs: os}\ntelemetry: {endpoint: "${CANARY}"}\nlog: {levle: info}\nsessions: {maximum: 3}\npolicy: {reasons: true}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['http.max_body', 1, 8, 'did you mean "max_body_bytes"?'],
      ['audit.syncs', 2, 9, 'did you mean "sync"?'],
      ['telemetry.endpoint', 3, 13, 'known here: otlp_endpoint'],
      ['log.levle', 4, 7, 'did you mean "level"?'],
      ['sessions.maximum', 5, 12, 'did you mean "max"?'],
      ['policy.reasons', 6, 10, 'known here: show_reasons'],
    ],
  },
  {
    name: 'a merge key',
    text: `servers:\n  a: &a {url: "https://a.example/${CANARY}"}\n  b: {<<: *a, url: "https://b.example"}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.b["<<"]', 3, 7, 'Unknown key']],
  },
  {
    name: 'a server name with a path in it',
    text: `servers:\n  "../admin": {url: "https://a.example/${CANARY}"}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers["../admin"]', 2, 3, 'starting with a letter or digit, found "../admin"']],
  },

  // Values of the wrong kind or out of range.
  {
    name: 'a list at the top',
    text: `- "${CANARY}"\n`,
    code: 'CONFIG_INVALID',
    problems: [['', 1, 1, 'Expected a map, found a list']],
  },
  {
    name: 'a text at the top',
    text: `${CANARY}\n`,
    code: 'CONFIG_INVALID',
    problems: [['', 1, 1, 'Expected a map, found a string']],
  },
  {
    name: 'a port without quotes',
    text: `listen: 8080 # ${CANARY}\n`,
    code: 'CONFIG_INVALID',
    problems: [['listen', 1, 9, 'Expected a string, found 8080; put it in quotes']],
  },
  {
    name: 'a section without content',
    text: `servers:\n# ${CANARY}\nlog: {}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers', 1, 9, 'Expected a map, found nothing; give it a value or remove the key']],
  },
  {
    name: 'keys as a map',
    text: `api_keys:\n  alice: "${CANARY}"\n`,
    code: 'CONFIG_INVALID',
    problems: [['api_keys', 2, 3, 'Expected a list, found a map']],
  },
  {
    name: 'a number as secret',
    text: `api_keys:\n  - {name: a, key: 12345678901} # ${CANARY}\n`,
    code: 'CONFIG_INVALID',
    problems: [['api_keys[0].key', 2, 20, 'Expected a string, found a number; put it in quotes']],
  },
  {
    name: 'a list as secret',
    text: `servers:\n  a:\n    url: "https://a.example"\n    credentials: {headers: {X-Token: ["${CANARY}"]}}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.a.credentials.headers.X-Token', 4, 38, 'Expected a string, found a list']],
  },
  {
    name: 'a server that is a text',
    text: `servers:\n  a: "https://a.example/${CANARY}"\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.a', 2, 6, 'Expected a map, found a string']],
  },
  {
    name: 'a number in quotes, and one from a variable',
    text: `http:\n  max_body_bytes: "4096"\n  max_json_depth: \${CANARY}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['http.max_body_bytes', 2, 19, 'Expected a number, found a string; remove the quotes'],
      ['http.max_json_depth', 3, 19, '"${…}" always gives a string'],
    ],
  },
  {
    name: 'numbers out of range, with a fraction, and none at all',
    text: `# ${CANARY}\nhttp: {max_body_bytes: 1, max_json_depth: 1001}\nsessions: {max: 1.5}\ntelemetry: {sample_ratio: .nan}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['http.max_body_bytes', 2, 24, 'Expected at least 1024, found 1'],
      ['http.max_json_depth', 2, 43, 'Expected at most 1000, found 1001'],
      ['sessions.max', 3, 17, 'Expected a whole number, found 1.5'],
      ['telemetry.sample_ratio', 4, 27, 'Expected a number, found NaN'],
    ],
  },
  {
    name: 'a mode that does not exist',
    text: `servers:\n  a:\n    url: "https://a.example/${CANARY}"\n    credential_mode: gatway\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.a.credential_mode', 4, 22, 'found "gatway"; did you mean "gateway"?']],
  },
  {
    name: 'a mode from a variable, whose value stays hidden',
    text: `log: {level: "\${CANARY}"}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['log.level', 1, 14, 'Expected one of "debug", "info", "warn", "error", "silent", found a string'],
    ],
  },
  {
    name: 'a rate without unit',
    text: `limits: {auth_failures: {calls: "10"}} # ${CANARY}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      [
        'limits.auth_failures.calls',
        1,
        33,
        'Expected a rate such as "10/s", "600/min" or "5000/h", found "10"',
      ],
    ],
  },
  {
    name: 'a date that no calendar has',
    text: `roles: {eng: {}}\napi_keys:\n  - name: a\n    role: eng\n    key: smcp_key_${CANARY}\n    expires: 2027-02-30\n`,
    code: 'CONFIG_INVALID',
    problems: [['api_keys[0].expires', 6, 14, 'Expected a date such as "2027-01-31"']],
  },
  {
    name: 'a code hash in capitals',
    text: `roles: {eng: {}}\nagents:\n  - name: a\n    role: eng\n    token: smcp_agent_${CANARY}\n    code_hash: "sha256:${'A'.repeat(64)}"\n`,
    code: 'CONFIG_INVALID',
    problems: [['agents[0].code_hash', 6, 16, '64 hexadecimal digits in lower case']],
  },
  {
    name: 'a key that is too short, and one without name',
    text: `roles: {eng: {}}\napi_keys:\n  - {name: a, role: eng, key: "short"}\n  - {role: eng, key: "smcp_key_${CANARY}"}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['api_keys[0].key', 3, 31, 'Expected at least 8 characters, found 5'],
      ['api_keys[1].name', 4, 5, 'The key "name" is missing'],
    ],
  },

  // References.
  {
    name: 'a variable that is not set',
    text: `api_keys:\n  - name: alice\n    key: "${CANARY}\${ALICE_KEY}"\n`,
    code: 'CONFIG_VARIABLE_MISSING',
    problems: [
      ['api_keys[0].key', 3, 10, 'The environment variable ALICE_KEY is not set; set it, or give a default'],
    ],
  },
  {
    name: 'a variable of the prototype',
    text: `listen: "\${CANARY}\${constructor}"\n`,
    code: 'CONFIG_VARIABLE_MISSING',
    problems: [['listen', 1, 9, 'The environment variable constructor is not set']],
  },
  {
    name: 'a reference without end',
    text: `api_keys:\n  - {name: a, key: "\${${CANARY}"}\n`,
    code: 'CONFIG_INVALID',
    problems: [['api_keys[0].key', 2, 20, 'Malformed "${…}"']],
  },
  {
    name: 'a reference with a name that is none',
    text: `servers:\n  a:\n    url: "https://a.example"\n    credentials: {headers: {X: "\${1 ${CANARY}}"}}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.a.credentials.headers.X', 4, 32, '"$${" for a literal "${"']],
  },
  {
    name: 'a secret file that is not there',
    text: `api_keys:\n  - {name: a, key: "\${CANARY}\${file:missing.txt}"}\n`,
    code: 'CONFIG_VARIABLE_MISSING',
    problems: [['api_keys[0].key', 2, 20, 'The file "missing.txt" does not exist']],
  },
  {
    name: 'a secret file that everybody can read',
    text: `api_keys:\n  - {name: a, key: "\${file:key.txt}"}\n`,
    files: { 'key.txt': { text: `smcp_key_${CANARY}`, mode: 0o604 } },
    code: 'CONFIG_INVALID',
    problems: [['api_keys[0].key', 2, 20, 'open to every user of this machine (mode 0604)']],
  },
  {
    name: 'a secret file that everybody can write',
    text: `api_keys:\n  - {name: a, key: "\${file:key.txt}"}\n`,
    files: { 'key.txt': { text: `smcp_key_${CANARY}`, mode: 0o602 } },
    code: 'CONFIG_INVALID',
    problems: [['api_keys[0].key', 2, 20, 'open to every user of this machine (mode 0602)']],
  },
  {
    name: 'a secret file that is too large, and one that is empty',
    text: `listen: "\${file:large.txt}"\npublic_url: "\${file:empty.txt}"\n`,
    files: {
      'large.txt': { text: CANARY.repeat(5000), mode: 0o600 },
      'empty.txt': { text: '\n', mode: 0o600 },
    },
    code: 'CONFIG_VARIABLE_MISSING',
    problems: [
      ['listen', 1, 9, 'is larger than 65536 bytes'],
      ['public_url', 2, 13, 'The file "empty.txt" is empty'],
    ],
  },
  {
    name: 'a secret without a store',
    text: `listen: "\${CANARY}\${secret:slack}"\n`,
    code: 'CONFIG_VARIABLE_MISSING',
    problems: [['listen', 1, 9, 'No secret store is open here']],
  },
  {
    name: 'a reference in a key stays as it is',
    text: `servers:\n  "\${CANARY}": {url: "https://a.example/${CANARY}"}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers["${CANARY}"]', 2, 3, 'found "${CANARY}"']],
  },
  {
    name: 'a value that tries to become YAML',
    text: `servers: "\${CANARY}: {url: x}"\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers', 1, 10, 'Expected a map, found a string']],
  },

  // Servers.
  {
    name: 'a server that is nowhere',
    text: `servers:\n  a:\n    timeout_seconds: 5 # ${CANARY}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.a', 2, 3, 'Expected "url" or "command", found neither']],
  },
  {
    name: 'a server in two places',
    text: `servers:\n  a:\n    url: "https://a.example"\n    command: "${CANARY}"\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.a.command', 4, 5, 'either "url" or "command", found both']],
  },
  {
    name: 'keys of a process at a URL',
    text: `servers:\n  a:\n    url: "https://a.example"\n    args: ["${CANARY}"]\n    env: {A: "${CANARY}"}\n    cwd: /srv\n    credentials: {env: {T: "${CANARY}"}}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['servers.a.args', 4, 5, 'Only a server with "command"'],
      ['servers.a.env', 5, 5, 'Only a server with "command"'],
      ['servers.a.cwd', 6, 5, 'Only a server with "command"'],
      ['servers.a.credentials.env', 7, 19, 'Only a server with "command"'],
    ],
  },
  {
    name: 'keys of a URL at a process',
    text: `servers:\n  a:\n    command: node\n    transport: sse\n    credentials: {headers: {Authorization: "${CANARY}"}}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['servers.a.transport', 4, 5, 'Only a server with "url"'],
      ['servers.a.credentials.headers', 5, 19, 'Only a server with "url"'],
    ],
  },
  {
    name: 'URLs of other kinds',
    text: `servers:\n  a: {url: "ftp://a.example/${CANARY}"}\n  b: {url: "b.example/${CANARY}"}\n  c: {url: "file:///${CANARY}"}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['servers.a.url', 2, 12, 'Expected an address that starts with https:// or http://, found a string'],
      ['servers.b.url', 3, 12, 'Expected an address that starts with https:// or http://, found a string'],
      ['servers.c.url', 4, 12, 'Expected an address that starts with https:// or http://, found a string'],
    ],
  },
  {
    name: 'a password in a URL',
    text: `servers:\n  a: {url: "https://user:${CANARY}@a.example/"}\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.a.url', 2, 12, 'may not hold a user name or password; use "credentials.headers"']],
  },
  {
    name: 'addresses that hand out credentials of the machine',
    text: [
      'servers:',
      `  a: {url: "http://169.254.169.254/${CANARY}"}`,
      '  b: {url: "http://[fe80::1]/"}',
      '  c: {url: "http://[::ffff:169.254.169.254]/"}',
      '  d: {url: "http://2852039166/"}',
      '  e: {url: "http://metadata.google.internal./"}',
      '',
    ].join('\n'),
    code: 'CONFIG_INVALID',
    problems: [2, 3, 4, 5, 6].map(
      (line) => [`servers.${'??abcde'[line]}.url`, line, 12, 'Link-local and metadata'] as const,
    ),
  },
  {
    name: 'headers that cannot or may not be sent',
    text: [
      'servers:',
      '  a:',
      '    url: "https://a.example"',
      '    credentials:',
      '      headers:',
      `        "X Token": "${CANARY}"`,
      `        X-One: "${CANARY}\\r\\nX-Two: 2"`,
      `        X-Nul: "${CANARY}\\0"`,
      '        Host: "b.example"',
      '        content-length: "0"',
      '        Transfer-Encoding: "chunked"',
      '        Connection: "close"',
      `        Mcp-Session-Id: "${CANARY}"`,
      '        MCP-Protocol-Version: "2025-11-25"',
      '        Accept: "*/*"',
      '        Content-Type: "text/plain"',
      '        X-SMCP-Delegation-Chain: "x"',
      '        X-Key: "1"',
      '        x-key: "2"',
      '',
    ].join('\n'),
    code: 'CONFIG_INVALID',
    problems: [
      ['servers.a.credentials.headers["X Token"]', 6, 9, 'Expected the name of an HTTP header'],
      ['servers.a.credentials.headers.X-One', 7, 16, 'cannot hold line breaks'],
      ['servers.a.credentials.headers.X-Nul', 8, 16, 'cannot hold line breaks'],
      ['servers.a.credentials.headers.Host', 9, 9, 'belongs to the connection or the protocol'],
      ['servers.a.credentials.headers.content-length', 10, 9, 'belongs to'],
      ['servers.a.credentials.headers.Transfer-Encoding', 11, 9, 'belongs to'],
      ['servers.a.credentials.headers.Connection', 12, 9, 'belongs to'],
      ['servers.a.credentials.headers.Mcp-Session-Id', 13, 9, 'belongs to'],
      ['servers.a.credentials.headers.MCP-Protocol-Version', 14, 9, 'belongs to'],
      ['servers.a.credentials.headers.Accept', 15, 9, 'belongs to'],
      ['servers.a.credentials.headers.Content-Type', 16, 9, 'belongs to'],
      ['servers.a.credentials.headers.X-SMCP-Delegation-Chain', 17, 9, 'belongs to'],
      ['servers.a.credentials.headers.x-key', 19, 9, 'case does not matter'],
    ],
  },
  {
    name: 'variables that change which code runs',
    text: [
      'servers:',
      '  a:',
      '    command: node',
      '    allow_dangerous_env: [NODE_OPTIONS]',
      '    env:',
      `      LD_PRELOAD: "/${CANARY}.so"`,
      '      DYLD_INSERT_LIBRARIES: "x"',
      '      NODE_OPTIONS: "--max-old-space-size=64"',
      '      PYTHONPATH: "/x"',
      '      BASH_ENV: "/x"',
      '      PATH: "/x"',
      '      https_proxy: "http://x"',
      '      "A=B": "1"',
      `      MULTI: "1\\n${CANARY}"`,
      '    credentials:',
      '      env:',
      `        RUBYOPT: "${CANARY}"`,
      '        MULTI: "2"',
      '',
    ].join('\n'),
    code: 'CONFIG_INVALID',
    problems: [
      ['servers.a.env.LD_PRELOAD', 6, 7, 'name it in "allow_dangerous_env"'],
      ['servers.a.env.DYLD_INSERT_LIBRARIES', 7, 7, 'changes which code runs'],
      ['servers.a.env.PYTHONPATH', 9, 7, 'changes which code runs'],
      ['servers.a.env.BASH_ENV', 10, 7, 'changes which code runs'],
      ['servers.a.env.PATH', 11, 7, 'changes which code runs'],
      ['servers.a.env.https_proxy', 12, 7, 'changes which code runs'],
      ['servers.a.env["A=B"]', 13, 7, 'Expected the name of a variable'],
      ['servers.a.env.MULTI', 14, 14, 'Line breaks and NUL'],
      ['servers.a.credentials.env.RUBYOPT', 17, 9, 'changes which code runs'],
      ['servers.a.credentials.env.MULTI', 18, 9, 'also given in "env"'],
    ],
  },
  {
    name: 'commands that are more or less than a program',
    text: [
      'servers:',
      `  a: {command: "npx -y ${CANARY}"}`,
      '  b: {command: "./server"}',
      '  c: {command: "node\\0"}',
      `  d: {command: node, args: ["a", "${CANARY}\\nb"]}`,
      '  e: {command: ""}',
      '',
    ].join('\n'),
    code: 'CONFIG_INVALID',
    problems: [
      ['servers.a.command', 2, 16, 'put arguments in "args"'],
      ['servers.b.command', 3, 16, 'found a relative path'],
      ['servers.c.command', 4, 16, 'Line breaks and NUL'],
      ['servers.d.args[1]', 5, 34, 'Line breaks and NUL'],
      ['servers.e.command', 6, 16, 'Expected at least 1 characters'],
    ],
  },
  {
    name: 'the credential of one caller in a process for all',
    text: `servers:\n  a:\n    command: node\n    credential_mode: passthrough # ${CANARY}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['servers.a.credential_mode', 4, 22, 'name it in "credentials.passthrough.env"'],
      ['servers.a.credential_mode', 4, 22, 'add "scope: principal" or "scope: session"'],
    ],
  },
  {
    name: 'the credential of one caller in a connection for all',
    text: `servers:\n  a:\n    url: "https://a.example/${CANARY}"\n    credential_mode: optional\n    scope: shared\n`,
    code: 'CONFIG_INVALID',
    problems: [['servers.a.scope', 5, 12, 'One caller’s credential would serve the others']],
  },
  {
    name: 'a passthrough that would take the login at the gateway',
    text: `servers:\n  a:\n    url: "https://a.example/${CANARY}"\n    credential_mode: passthrough\n    credentials:\n      passthrough: {header: authorization, as: Host, scheme: "Be arer"}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['servers.a.credentials.passthrough.header', 6, 29, 'carries the caller’s login at the gateway'],
      ['servers.a.credentials.passthrough.as', 6, 48, 'belongs to the connection'],
      ['servers.a.credentials.passthrough.scheme', 6, 62, 'Expected one word'],
    ],
  },
  {
    name: 'globs of tools that match nothing',
    text: `servers:\n  a:\n    url: "https://a.example/${CANARY}"\n    tools:\n      "": {}\n      "get it": {}\n      "a:get_*": {}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['servers.a.tools[""]', 5, 7, 'Expected a glob over tool names'],
      ['servers.a.tools["get it"]', 6, 7, 'Expected a glob over tool names'],
      ['servers.a.tools["a:get_*"]', 7, 7, 'without the server part; write "get_*"'],
    ],
  },
  {
    name: 'two servers without prefix',
    text: `naming: none\nservers:\n  a: {url: "https://a.example/${CANARY}"}\n  b: {url: "https://b.example/"}\n  c: {url: "https://c.example/", enabled: false}\n`,
    code: 'CONFIG_INVALID',
    problems: [['naming', 1, 9, 'a single enabled server, found 2']],
  },

  // Callers and roles.
  {
    name: 'a role that does not exist',
    text: `roles: {engineer: {}, intern: {}}\napi_keys:\n  - name: alice\n    key: smcp_key_${CANARY}xxxxxxxx\n    role: engineers\n  - name: bob\n    key: smcp_key_${CANARY}yyyyyyyy\n    roles: [intern, zoo]\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['api_keys[0].role', 5, 11, 'There is no role "engineers"; did you mean "engineer"?'],
      ['api_keys[1].roles[1]', 8, 21, 'There is no role "zoo"'],
    ],
  },
  {
    name: 'a role that only the prototype of objects has',
    text: `api_keys:\n  - name: alice\n    key: smcp_key_${CANARY}xxxxxxxx\n    role: constructor\n`,
    code: 'CONFIG_INVALID',
    problems: [['api_keys[0].role', 4, 11, 'There is no role "constructor"']],
  },
  {
    name: 'role and roles',
    text: `roles: {eng: {}}\napi_keys:\n  - name: alice\n    key: smcp_key_${CANARY}xxxxxxxx\n    role: eng\n    roles: [eng]\n`,
    code: 'CONFIG_INVALID',
    problems: [['api_keys[0].roles', 6, 5, 'either "role" or "roles", found both']],
  },
  {
    name: 'names and credentials used twice',
    text: [
      'roles: {eng: {}}',
      'api_keys:',
      `  - {name: alice, role: eng, key: smcp_key_${CANARY}xxxxxxxx}`,
      `  - {name: alice, role: eng, key: smcp_key_${CANARY}yyyyyyyy}`,
      'agents:',
      `  - {name: alice, role: eng, token: smcp_key_${CANARY}xxxxxxxx, code_hash: "sha256:${'0'.repeat(64)}"}`,
      '',
    ].join('\n'),
    code: 'CONFIG_INVALID',
    problems: [
      ['api_keys[1].name', 4, 12, 'already given in line 3'],
      ['agents[0].token', 6, 37, 'The same credential was already given in line 3'],
    ],
  },
  {
    name: 'a key that no header can carry',
    text: `roles: {eng: {}}\napi_keys:\n  - {name: a, role: eng, key: "smcp_key ${CANARY}"}\n  - {name: b, role: eng, key: "smcp_key_${CANARY}\\n"}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['api_keys[0].key', 3, 31, 'letters, digits and'],
      ['api_keys[1].key', 4, 31, 'letters, digits and'],
    ],
  },
  {
    name: 'globs without server or tool',
    text: `# ${CANARY}\nroles:\n  eng:\n    allow: ["slack", ":x", "slack:", {tool: []}, {tool: 4}, 7]\n    deny: "slack:*"\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['roles.eng.allow[0]', 4, 13, 'Expected a "server:tool" glob such as "slack:read_*", found "slack"'],
      ['roles.eng.allow[1]', 4, 22, 'found ":x"'],
      ['roles.eng.allow[2]', 4, 28, 'found "slack:"'],
      ['roles.eng.allow[3].tool', 4, 45, 'Expected at least 1 items, found 0'],
      ['roles.eng.allow[4].tool', 4, 57, 'Expected a string or a list, found 4'],
      ['roles.eng.allow[5]', 4, 61, 'Expected a string or a map, found 7'],
      ['roles.eng.deny', 5, 11, 'Expected a list, found a string; write it as a list'],
    ],
  },
  {
    name: 'an argument without schema',
    text: `roles:\n  eng:\n    allow:\n      - {tool: "*:*", arguments: {branch: "${CANARY}"}}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      ['roles.eng.allow[0].arguments.branch', 4, 43, 'Expected a JSON Schema for the argument "branch"'],
    ],
  },

  // Addresses.
  ...[
    '8080',
    'localhost',
    ':65536',
    ':-1',
    '[::1',
    '[::g]:80',
    '::1:8080',
    '300.1.1.1:80',
    'a b:80',
    '*:80',
    'http://x:80',
  ].map((listen): BadConfig => ({
    name: `listening on ${listen}`,
    text: `listen: "${listen}" # ${CANARY}\n`,
    code: 'CONFIG_INVALID',
    problems: [
      [
        'listen',
        1,
        9,
        listen === '8080' ? 'did you mean ":8080"?' : 'Expected an address and a port from 0 to 65535',
      ],
    ],
  })),
  {
    name: 'hosts, origins and proxies that are none',
    text: [
      'public_url: "https://u:p@gate.example/?x"',
      `allowed_hosts: ["gate.example", "https://gate.example", "*", "${CANARY}.example:443"]`,
      'allowed_origins: ["https://app.example", "*", "https://app.example/path", "null"]',
      'trusted_proxies: ["10.0.0.0/8", "10.0.0.0/33", "::1/64", "proxy.example"]',
      '',
    ].join('\n'),
    code: 'CONFIG_INVALID',
    problems: [
      ['public_url', 1, 13, 'has no user name, password'],
      ['allowed_hosts[1]', 2, 33, 'found "https://gate.example"'],
      ['allowed_hosts[2]', 2, 57, 'found "*"'],
      ['allowed_origins[1]', 3, 42, 'found "*"'],
      ['allowed_origins[2]', 3, 47, 'found "https://app.example/path"'],
      ['allowed_origins[3]', 3, 75, 'found "null"'],
      ['trusted_proxies[1]', 4, 33, 'found "10.0.0.0/33"'],
      ['trusted_proxies[3]', 4, 58, 'found "proxy.example"'],
    ],
  },
  {
    name: 'everything at once',
    text: [
      'listen: "8080"',
      'urll: 1',
      'servers:',
      '  slack:',
      '    urll: "https://mcp.slack.com/sse"',
      '    credentials: {headers: {Authorization: "Bearer ${SLACK}"}}',
      'api_keys:',
      `  - {name: alice, key: smcp_key_${CANARY}xxxxxxxx, role: eng}`,
      'log: {level: warning}',
      '',
    ].join('\n'),
    code: 'CONFIG_INVALID',
    problems: [
      ['listen', 1, 9, 'did you mean ":8080"?'],
      ['urll', 2, 1, 'Unknown key'],
      ['servers.slack.urll', 5, 5, 'did you mean "url"?'],
      ['servers.slack.credentials.headers.Authorization', 6, 44, 'SLACK is not set'],
      ['api_keys[0].role', 8, 63, 'There is no role "eng"'],
      ['log.level', 9, 14, 'did you mean "warn"?'],
    ],
  },
];
