import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { hasCode } from '../../errors/has-code.ts';
import { writeWorkFiles, type WorkFacts } from './work-files.ts';

const KEY_BYTES = 32;

/** A ready-made gateway folder: configuration, keys and a folder of sample files. */
export interface Sample {
  readonly configFile: string;
  readonly key: string;
  readonly expiredKey: string;
  readonly agentToken: string;
  /** What the sample agent presents; equal to what is registered. */
  readonly codeHash: string;
  readonly credential: string;
  readonly filesFolder: string;
  /** What the files in it hold. */
  readonly facts: WorkFacts;
}

/** The program of the sample agent: only its digest matters. */
const AGENT_CODE = 'read the notes, then summarise them';

/**
 * Makes (or finds again, with the same keys) a sample gateway in `folder`: three real MCP servers as child processes, two roles, two API keys of
 * which one has expired, and one agent.
 */
export async function prepareSample(folder: string, listen: string): Promise<Sample> {
  const filesFolder = join(folder, 'files');
  await mkdir(filesFolder, { recursive: true, mode: 0o700 });
  await writeFile(join(filesFolder, 'notes.txt'), 'Release on Friday.\nAsk Dana about the budget.\n');
  const facts = await writeWorkFiles(filesFolder);
  const key = await keepSecret(folder, 'alice.key', 'smcp_key_');
  const expiredKey = await keepSecret(folder, 'old-laptop.key', 'smcp_key_');
  const agentToken = await keepSecret(folder, 'summariser.token', 'smcp_agent_');
  const credential = await keepSecret(folder, 'weather-api.secret', 'wx_');
  const codeHash = `sha256:${createHash('sha256').update(AGENT_CODE).digest('hex')}`;
  const configFile = join(folder, 'smcp.yaml');
  await writeFile(
    configFile,
    HEADER +
      stringify(sampleConfig({ listen, filesFolder, memoryFile: join(folder, 'memory.jsonl'), codeHash })),
  );
  return { configFile, key, expiredKey, agentToken, codeHash, credential, filesFolder, facts };
}

const HEADER = '# Written by `smcp demo` at each start: copy it before you change it.\n';

function sampleConfig(sample: {
  readonly listen: string;
  readonly filesFolder: string;
  readonly memoryFile: string;
  readonly codeHash: string;
}): unknown {
  return {
    listen: sample.listen,
    code_mode: {},
    servers: {
      everything: {
        command: process.execPath,
        args: [serverProgram('everything'), 'stdio'],
        credentials: { env: { WEATHER_API_KEY: '${file:weather-api.secret}' } },
      },
      files: { command: process.execPath, args: [serverProgram('filesystem'), sample.filesFolder] },
      memory: {
        command: process.execPath,
        args: [serverProgram('memory')],
        env: { MEMORY_FILE_PATH: sample.memoryFile },
      },
    },
    api_keys: [
      { name: 'alice', key: '${file:alice.key}', role: 'developer' },
      { name: 'old-laptop', key: '${file:old-laptop.key}', role: 'developer', expires: '2025-12-31' },
    ],
    agents: [
      {
        name: 'summariser',
        token: '${file:summariser.token}',
        code_hash: sample.codeHash,
        role: 'reader',
        allowed_delegators: ['key:alice'],
        max_delegation_depth: 1,
      },
    ],
    roles: {
      developer: {
        description: 'Everything but changing files',
        allow: ['everything:*', 'files:*', 'memory:*', 'smcp:smcp_execute'],
        deny: ['files:write_*', 'files:edit_*', 'files:move_*', 'files:create_*'],
      },
      reader: { description: 'Reads files', allow: ['files:read_*', 'files:list_*'] },
    },
  };
}

/** Path of the program of one of the reference servers that come with this package. */
function serverProgram(name: 'everything' | 'filesystem' | 'memory'): string {
  const packageName = `@modelcontextprotocol/server-${name}`;
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  return join(manifest, '..', 'dist', 'index.js');
}

async function keepSecret(folder: string, name: string, prefix: string): Promise<string> {
  const file = join(folder, name);
  try {
    await writeFile(file, prefix + randomBytes(KEY_BYTES).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    // It is there from an earlier start; client configurations that were pasted then stay valid.
    if (!hasCode(error, 'EEXIST')) {
      throw error;
    }
  }
  return (await readFile(file, 'utf8')).trim();
}
