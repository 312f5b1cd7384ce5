/**
 * Writes what published MCP servers list as their tools, one file of facts for each, for measurements of discovery and of tokens.
 *
 *     npm install --ignore-scripts --prefix FOLDER @modelcontextprotocol/server-memory
 *     node bench/catalogues/capture.ts FOLDER @modelcontextprotocol/server-memory
 *
 * The packages are installed outside of the checkout and started by this script with an environment of their own and no credential of anyone. They are
 * other people's programs: run the script in a sandbox without a network (`bwrap --ro-bind / / --bind . . --unshare-net ...`). Without package names all
 * of `packages.ts` that FOLDER or one of its direct subfolders holds are captured. Format the files with `npx oxfmt bench/catalogues` afterwards.
 */
import { readdirSync, readFileSync, writeFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listTools } from './list-tools.ts';
import { PACKAGES, type CapturedPackage } from './packages.ts';

const TIMEOUT_MS = 60_000;
/** Members of a tool that facts are kept of; `_meta`, icons and the like are the host's business. */
const KEPT = ['name', 'title', 'description', 'inputSchema', 'outputSchema', 'annotations'];

interface Manifest {
  readonly version: string;
  readonly bin?: string | Readonly<Record<string, string>>;
}

async function capture(folder: string, wanted: CapturedPackage): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const bin = typeof manifest.bin === 'string' ? manifest.bin : Object.values(manifest.bin ?? {})[0];
  if (bin === undefined) throw new Error(`${wanted.package} has no program`);
  const cwd = mkdtempSync(join(tmpdir(), 'capture-'));
  try {
    const tools = await listTools({
      command: process.execPath,
      args: [join(folder, bin), ...(wanted.args ?? [])],
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...wanted.env },
      cwd,
      timeoutMs: TIMEOUT_MS,
    });
    // A folder of this run says nothing about the server.
    const text = JSON.stringify(
      {
        server: wanted.server,
        package: wanted.package,
        version: manifest.version,
        licence: wanted.licence,
        tools: tools.map(keepFacts),
      },
      undefined,
      1,
    ).replaceAll(cwd, '.');
    writeFileSync(join(import.meta.dirname, `${wanted.server}.json`), `${text}\n`);
    console.log(`${wanted.server}: ${tools.length} tools, ${text.length} characters`);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function keepFacts(tool: unknown): object {
  return Object.fromEntries(Object.entries(tool as object).filter(([key]) => KEPT.includes(key)));
}

function findInstalled(root: string, name: string): string | undefined {
  return [root, ...readdirSync(root).map((entry) => join(root, entry))]
    .map((folder) => join(folder, 'node_modules', name))
    .find((folder) => existsSync(join(folder, 'package.json')));
}

const { positionals } = parseArgs({ allowPositionals: true });
const [root, ...names] = positionals;
if (root === undefined) throw new TypeError('Usage: capture.ts FOLDER [PACKAGE...]');
for (const name of names) {
  if (!PACKAGES.some((known) => known.package === name)) {
    throw new TypeError(`Add ${name} to packages.ts first, with its licence`);
  }
}
for (const wanted of PACKAGES) {
  if (names.length > 0 && !names.includes(wanted.package)) continue;
  const folder = findInstalled(resolve(root), wanted.package);
  if (folder === undefined) continue;
  try {
    await capture(folder, wanted);
  } catch (error) {
    console.error(`${wanted.server}: ${String(error)}`);
    process.exitCode = 1;
  }
}
