import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createLogger, openFoundation, readAudit, startGateway } from '@smcp/gateway';
import {
  createDelegationLink,
  DELEGATION_HEADER,
  generateDelegationKey,
  joinDelegationChain,
  type CreateLinkOptions,
} from '@smcp/protocol';

/** The address that delegations are made for: `public_url` of the gateway. Nobody has to reach it here. */
const AUDIENCE = 'https://gateway.example.com';

const TEN_MINUTES = 10 * 60;

type Headers = Readonly<Record<string, string>>;

/** One attempt, and what came of it. */
export interface Attempt {
  readonly what: string;
  readonly result: string;
}

/**
 * Plays through what smcp.yaml beside this file says: dana lets planner act for her, planner lets worker act for both. Everything is made in a temporary
 * folder, which is gone afterwards.
 */
export async function walk(print: (line: string) => void): Promise<readonly Attempt[]> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-agents-'));
  try {
    return await walkIn(folder, print);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function walkIn(folder: string, print: (line: string) => void): Promise<readonly Attempt[]> {
  // Who delegates has a key pair: the private half stays with it, the public half is registered.
  const dana = await generateDelegationKey();
  const planner = await generateDelegationKey();
  const tokens = { dana: newToken('key'), planner: newToken('agent'), worker: newToken('agent') };
  const codeHashes = { planner: codeHash('plan, then ask the worker'), worker: codeHash('do what is asked') };

  await using foundation = await openFoundation({
    home: join(folder, 'state'),
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      NODE: process.execPath,
      EVERYTHING_SERVER: everythingServer(),
      GATEWAY_URL: AUDIENCE,
      DANA_KEY: tokens.dana,
      DANA_PUBLIC_KEY: dana.publicKey,
      PLANNER_TOKEN: tokens.planner,
      PLANNER_CODE_HASH: codeHashes.planner,
      PLANNER_PUBLIC_KEY: planner.publicKey,
      WORKER_TOKEN: tokens.worker,
      WORKER_CODE_HASH: codeHashes.worker,
    },
  });
  const file = fileURLToPath(new URL('smcp.yaml', import.meta.url));
  const logger = createLogger({ level: 'silent', format: 'auto', redact: (text) => text });
  const attempts: Attempt[] = [];
  {
    await using gateway = await startGateway({
      foundation,
      file,
      listen: '127.0.0.1:0',
      watch: false,
      logger,
    });
    const url = new URL('/mcp/everything', gateway.url);
    const attempt = async (what: string, headers: Headers, tool: string): Promise<void> => {
      const result = await call(url, headers, tool);
      attempts.push({ what, result });
      print(`${what}\n  ${tool}: ${result}`);
    };
    const asPlanner = { authorization: `Bearer ${tokens.planner}`, 'x-smcp-code-hash': codeHashes.planner };
    const asWorker = { authorization: `Bearer ${tokens.worker}`, 'x-smcp-code-hash': codeHashes.worker };

    await attempt('The worker for itself', asWorker, 'echo');
    await attempt(
      'The worker with other code',
      { ...asWorker, 'x-smcp-code-hash': codeHash('leak') },
      'echo',
    );

    // Dana passes on a part of what she may do, for ten minutes, and lets it be handed on once.
    const toPlanner = await sign({
      delegator: 'key:dana',
      delegate: 'agent:planner',
      key: dana.privateKey,
      scope: ['everything:get-*'],
      maxDepth: 1,
    });
    const forDana = { ...asPlanner, [DELEGATION_HEADER]: toPlanner };
    await attempt('The planner for dana, within what she passed on', forDana, 'get-sum');
    await attempt('The planner for dana, beyond it', forDana, 'echo');

    // The planner hands it on. Its link may say everything: what counts is what all links have in common.
    const toWorker = await sign({
      delegator: 'agent:planner',
      delegate: 'agent:worker',
      key: planner.privateKey,
      scope: ['*:*'],
      previous: toPlanner,
    });
    const chain = joinDelegationChain(toPlanner, toWorker);
    const forBoth = { ...asWorker, [DELEGATION_HEADER]: chain };
    await attempt('The worker for planner and dana', forBoth, 'get-sum');
    await attempt('The worker for both, what only dana and itself may', forBoth, 'get-tiny-image');
    await attempt(
      'The planner with the chain made for the worker',
      { ...asPlanner, [DELEGATION_HEADER]: chain },
      'get-sum',
    );
  }

  print('\nWhat the audit log says of it:');
  for await (const { entry } of readAudit({ directory: foundation.home.file('audit') })) {
    if (entry.type === 'call' || entry.type === 'refusal') {
      const chain = [...(entry.delegation ?? []), entry.principal].join(' > ');
      print(`  ${chain}  ${entry.server}:${entry.name}  ${entry.decision.effect}`);
    } else if (entry.type === 'auth') {
      print(`  login refused: ${entry.code}`);
    }
  }
  return attempts;
}

async function sign(
  link: Omit<CreateLinkOptions, 'audience' | 'lifetimeSeconds' | 'nowSeconds' | 'random'>,
): Promise<string> {
  return await createDelegationLink({
    ...link,
    audience: AUDIENCE,
    // A link may not outlive the one before it.
    lifetimeSeconds: link.previous === undefined ? TEN_MINUTES : TEN_MINUTES / 2,
    nowSeconds: Math.floor(Date.now() / 1000),
    random: (count) => randomBytes(count),
  });
}

/** Calls one tool as an MCP client does and says in a line what came back. */
async function call(url: URL, headers: Headers, tool: string): Promise<string> {
  const client = new Client({ name: 'walk', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } });
  try {
    await client.connect(transport);
    const { content } = await client.callTool({
      name: tool,
      arguments: tool === 'echo' ? { message: 'hello' } : { a: 2, b: 3 },
    });
    await transport.terminateSession();
    const [first] = content;
    return first?.type === 'text' ? first.text : `[${first?.type}]`;
  } catch (error) {
    // A refused login comes as the text of an HTTP answer.
    const message = error instanceof Error ? error.message : String(error);
    return `refused: ${/"message":"([^"]*)"/.exec(message)?.[1] ?? message}`;
  } finally {
    await client.close();
  }
}

function newToken(kind: 'key' | 'agent'): string {
  return `smcp_${kind}_${randomBytes(32).toString('base64url')}`;
}

/** What `smcp agents hash` prints for a file of this content. */
function codeHash(code: string): string {
  return `sha256:${createHash('sha256').update(code).digest('hex')}`;
}

function everythingServer(): string {
  const manifest = createRequire(import.meta.url).resolve(
    '@modelcontextprotocol/server-everything/package.json',
  );
  return join(manifest, '..', 'dist', 'index.js');
}

if (import.meta.main) {
  await walk((line) => {
    console.log(line);
  });
}
