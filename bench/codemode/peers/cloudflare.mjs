import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';

const COMPATIBILITY_DATE = '2026-04-01';

/** `@cloudflare/codemode` with its own executor: a worker loaded for each script by a worker, in workerd on this machine. The tools are functions of that worker. */
export async function openContender(folder) {
  const contents = await readFile(join(folder, 'cloudflare-worker.js'), 'utf8');
  const miniflare = new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.mjs', contents }],
    compatibilityDate: COMPATIBILITY_DATE,
    compatibilityFlags: ['nodejs_compat'],
    workerLoaders: { LOADER: {} },
    // Past the worker that miniflare puts in front.
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  });
  await miniflare.ready;
  const url = await miniflare.unsafeGetDirectURL();
  const ask = async (code) => {
    const response = await fetch(url, { method: 'POST', body: code });
    return await response.json();
  };
  return {
    run: async (body) => {
      const { value, error } = await ask(`async () => {\n${body}\n}`);
      if (error !== undefined) {
        throw new Error(error);
      }
      return value;
    },
    reach: async () => {
      await ask('');
    },
    [Symbol.asyncDispose]: async () => {
      await miniflare.dispose();
    },
  };
}
