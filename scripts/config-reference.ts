import type { JsonSchema } from '../packages/gateway/src/config/json-schema.ts';

/**
 * The configuration reference, written from the JSON Schema of `smcp.yaml`. The same schema always gives the same text.
 *
 * @throws {RangeError} When the schema has a key at the top that no chapter names, or a chapter names a key that is gone.
 */
export function renderConfigReference(schema: JsonSchema): string {
  const properties = schema.properties ?? {};
  const named = CHAPTERS.flatMap((chapter) => chapter.keys);
  const stray = [
    ...Object.keys(properties).filter((key) => !named.includes(key)),
    ...named.filter((key) => !(key in properties)),
  ];
  if (stray.length > 0)
    throw new RangeError(`Keys without chapter, or chapters without key: ${stray.join(', ')}`);
  const chapters = CHAPTERS.map(({ title, text, keys }) => {
    const rows = keys.flatMap((key) =>
      rowsOf(key, properties[key] ?? {}, schema.required?.includes(key) ?? false),
    );
    return `## ${title}\n\n${text}\n\n${table(rows)}`;
  });
  return `${INTRODUCTION}\n${chapters.join('\n')}`;
}

interface Chapter {
  readonly title: string;
  readonly text: string;
  readonly keys: readonly string[];
}

const CHAPTERS: readonly Chapter[] = [
  {
    title: 'Address and names',
    text: 'Where the gateway listens, which web pages and proxies it believes, and how tools are called at `/mcp`. Listening on anything but loopback is a decision to make on purpose.',
    keys: [
      'listen',
      'workers',
      'public_url',
      'allowed_hosts',
      'allowed_origins',
      'trusted_proxies',
      'naming',
      '$schema',
    ],
  },
  {
    title: 'Servers',
    text: 'What is behind the gateway. A server is either reached over HTTP (`url`) or started as a process (`command`). Keys that belong to the other kind are refused, so a forgotten secret is never silently unused.',
    keys: ['servers'],
  },
  {
    title: 'People, programs and agents',
    text: 'Who may log in with something written in this file. A role is needed to call anything. Two entries may not share a name or a credential.',
    keys: ['api_keys', 'agents'],
  },
  {
    title: 'Users of an identity provider',
    text: 'Whose access tokens are accepted beside the keys of this gateway. See [External login](external-login.md).',
    keys: ['jwt_issuers'],
  },
  {
    title: 'Roles and policy',
    text: 'What they may do. A glob is `server:tool`, where `*` stands for any run of characters. `prompts/…` and `resources/…` after the colon speak of prompts and resources; a lone `*` covers all three.',
    keys: ['roles', 'policy', 'approvals'],
  },
  {
    title: 'Code mode',
    text: 'One typed, sandboxed script instead of many tool calls. See [Code mode](code-mode.md).',
    keys: ['code_mode'],
  },
  {
    title: 'Limits and sessions',
    text: 'How much at once. Limits of servers and tools stand with the server.',
    keys: ['limits', 'sessions', 'http'],
  },
  {
    title: 'Records and signals',
    text: 'What is kept of each call, and what operators see.',
    keys: ['audit', 'telemetry', 'log'],
  },
];

interface Row {
  readonly key: string;
  readonly type: string;
  readonly fallback: string;
  readonly meaning: string;
}

function rowsOf(key: string, schema: JsonSchema, required: boolean): readonly Row[] {
  const row: Row = {
    key,
    type: typeOf(schema),
    fallback: required ? '*required*' : defaultOf(schema),
    meaning: schema.description ?? '',
  };
  return [row, ...below(key, schema)];
}

function below(key: string, schema: JsonSchema): readonly Row[] {
  const { properties, additionalProperties, items, anyOf } = schema;
  if (properties !== undefined) {
    return Object.entries(properties).flatMap(([name, property]) =>
      rowsOf(`${key}.${name}`, property, schema.required?.includes(name) ?? false),
    );
  }
  if (items !== undefined) return below(`${key}[]`, items);
  if (typeof additionalProperties === 'object')
    return below(`${key}.${key.endsWith('.tools') ? '<glob>' : '<name>'}`, additionalProperties);
  return (anyOf ?? []).flatMap((branch) => below(key, branch));
}

function typeOf(schema: JsonSchema): string {
  const { enum: values, anyOf, items, additionalProperties, format } = schema;
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (anyOf !== undefined) {
    return [...new Set(anyOf.filter((branch) => branch.pattern !== '\\$\\{').map(typeOf))].join(' or ');
  }
  switch (schema.type) {
    case 'array':
      return `list of ${plural(typeOf(items ?? {}))}`;
    case 'object':
      return typeof additionalProperties === 'object' ? mapType(additionalProperties) : 'map';
    case 'integer':
    case 'number':
      return numberType(schema);
    case 'boolean':
      return '`true` or `false`';
    case 'string':
      return format === undefined ? 'text' : (FORMATS[format] ?? 'text');
    case undefined:
    default:
      return 'any value';
  }
}

const FORMATS: Readonly<Record<string, string>> = { uri: 'URL', 'date-time': 'time', date: 'date' };

function mapType(values: JsonSchema): string {
  return values.type === undefined && values.anyOf === undefined ? 'map' : `map of ${plural(typeOf(values))}`;
}

function plural(type: string): string {
  return type
    .split(' or ')
    .map((word) => (/^(?:map|text|URL)$/.test(word) ? `${word}s` : word))
    .join(' or ');
}

function numberType({ type, minimum, maximum }: JsonSchema): string {
  const kind = type === 'integer' ? 'whole number' : 'number';
  return minimum === undefined || maximum === undefined ? kind : `${kind}, ${minimum} to ${maximum}`;
}

function defaultOf(schema: JsonSchema): string {
  const { default: value } = schema;
  const isSection = schema.properties !== undefined && JSON.stringify(value) === '{}';
  return value === undefined || isSection ? '' : `\`${JSON.stringify(value)}\``;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ key, type, fallback, meaning }) =>
      `| \`${key}\` | ${cell(type)} | ${cell(fallback)} | ${cell(meaning)} |`,
  );
  return `${['| key | type | default | meaning |', '| --- | --- | --- | --- |', ...lines].join('\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** Shown first in the reference; a test loads it. */
export const EXAMPLE = `# smcp.yaml
listen: "127.0.0.1:8080"

servers:
  slack:
    url: "https://mcp.slack.com/sse"
    credentials:
      headers:
        Authorization: "Bearer \${SLACK_BOT_TOKEN}"
  github:
    url: "https://api.githubcopilot.com/mcp"
    credential_mode: "passthrough"
  files:
    command: "npx"
    args: ["-y", "@modelcontextprotocol/server-filesystem", "/srv/files"]
    tools:
      "write_*":
        rate: { calls: "30/min" }
        redact: ["content"]

api_keys:
  - name: "alice"
    key: "\${ALICE_KEY}"
    role: "eng"

agents:
  - name: "release-bot"
    token: "\${file:secrets/release-bot}"
    code_hash: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    role: "intern"
    max_delegation_depth: 1
    allowed_delegators: ["key:alice"]

roles:
  eng:
    allow:
      - "slack:*"
      - "github:*"
      - tool: "files:write_file"
        arguments:
          path: { type: "string", pattern: '^/srv/files/drafts/[a-z0-9-]+[.]md$' }
  intern:
    allow: ["slack:read_*"]
    deny: ["github:push_*"]
`;

const INTRODUCTION = `# Configuration

<!-- Made from the schema by scripts/generate-config-docs.ts; edit the schema instead. -->

The gateway reads one file, \`smcp.yaml\`. A file whose name ends in \`.json\` holds the same as strict JSON. Every key has a default, so a file
says only what differs. Durations are whole seconds, sizes are bytes.

\`\`\`yaml
${EXAMPLE}\`\`\`

## How the file is read

The file is YAML 1.2 with plain values: one document, no custom tags, at most 1 MiB. A key given twice, an unknown key or a value of the wrong
kind stops the start, and all problems are told at once with line, column and the nearest known name. \`smcp config check FILE\` tells the same
without starting anything.

An editor completes and checks the file when it knows the [JSON Schema](smcp.schema.json); most understand this first line:

\`\`\`yaml
# yaml-language-server: $schema=./smcp.schema.json
\`\`\`

While the gateway runs it notices when the file, or a secret file that it names, changes; SIGHUP asks it to look. A good file takes the place of
the old one as a whole. A bad one changes nothing, and the log says why.

### Values from elsewhere

| written | becomes |
| --- | --- |
| \`\${NAME}\` | the environment variable; an error when it is not set or empty |
| \`\${NAME:-default}\` | the variable, or the default when it is not set or empty |
| \`\${file:path}\` | the text of a file of at most 64 KiB, without one line break at its end; relative paths start from the folder of this file |
| \`\${secret:name}\` | a secret kept by \`smcp secrets set name\` |
| \`$\${\` | the two characters \`\${\` |

They may stand anywhere inside a value, also several in one, but not in keys. What is put in is always text: it can neither become YAML nor
hold a reference itself. A file that other users of the machine may open is refused. Values that came from elsewhere are kept out of all logs and
records.
`;
