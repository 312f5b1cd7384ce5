import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../fixtures/exit-abruptly.ts', import.meta.url));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it('a server does not outlive a process that exits without ending it (A88)', async () => {
  const { code, stdout } = await new Promise<{ code: unknown; stdout: string }>((resolve) => {
    execFile(process.execPath, [PROGRAM], (error, out) => {
      resolve({ code: error?.code, stdout: out });
    });
  });
  expect(code).toBe(3);
  const pid = Number(stdout);
  expect(pid).toBeGreaterThan(1);
  for (let waited = 0; waited < 100 && isAlive(pid); waited += 1) {
    await sleep(20);
  }
  expect(isAlive(pid)).toBe(false);
});
