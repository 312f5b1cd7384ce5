import { describe, expect, it } from 'vitest';
import type { LoadedConfig } from '../../../src/config/index.ts';
import { createLogger } from '../../../src/telemetry/index.ts';
import { Post, type Hired, type WorkerProcess } from '../../../src/worker/primary/post.ts';
import type { StartOrder } from '../../../src/worker/process/orders.ts';
import { linked, type Linked } from '../linked.ts';

interface FakeProcess extends WorkerProcess {
  readonly pair: Linked;
  readonly heard: string[];
  readonly end: (how: string) => void;
  killed: boolean;
}

interface Office {
  readonly post: Post;
  readonly processes: FakeProcess[];
  readonly serving: WorkerProcess[];
  readonly log: string[];
  loaded: LoadedConfig;
}

interface Behaviour {
  readonly start?: (nth: number) => unknown;
  readonly stop?: () => unknown;
  readonly reload?: () => unknown;
  readonly abandon?: () => Promise<number>;
}

function configOf(name: string): LoadedConfig {
  return { file: name, config: {}, policy: {} } as unknown as LoadedConfig;
}

function open({ start, stop, reload, abandon }: Behaviour = {}): Office {
  const processes: FakeProcess[] = [];
  const serving: WorkerProcess[] = [];
  const log: string[] = [];
  const office = { processes, serving, log, loaded: configOf('first') };
  const hire = (): Hired => {
    const nth = processes.length;
    const heard: string[] = [];
    const ended = Promise.withResolvers<string>();
    const pair = linked({
      start: () => {
        heard.push('start');
        return start?.(nth);
      },
      reload: () => {
        heard.push('reload');
        return reload?.();
      },
      stop: () => {
        heard.push('stop');
        return stop?.();
      },
    });
    const end = (how: string): void => {
      ended.resolve(how);
      pair[Symbol.dispose]();
    };
    // A process ends with its channel.
    void pair.over.then(() => {
      end('exit code 0');
    });
    const process: FakeProcess = {
      pair,
      heard,
      end,
      channel: pair.channel,
      ended: ended.promise,
      pid: nth,
      killed: false,
      connect: () => undefined,
      kill: () => {
        process.killed = true;
        end('signal SIGKILL');
      },
    };
    processes.push(process);
    return { process, desks: { abandon: abandon ?? (async () => await Promise.resolve(0)) } };
  };
  const stream = { write: (line: string) => log.push(line), on: () => undefined };
  const post = new Post({
    worker: 1,
    hire,
    loaded: () => office.loaded,
    order: ({ file }) => ({ config: file }) as unknown as StartOrder,
    onReady: (process) => serving.push(process),
    onGone: (process) => {
      const at = serving.indexOf(process);
      if (at !== -1) serving.splice(at, 1);
    },
    logger: createLogger({ level: 'info', format: 'json', stream, redact: (text) => text }),
    now: () => performance.now(),
  });
  return Object.assign(office, { post });
}

describe('Post.open()', () => {
  it('orders the process to start, which serves once the post is kept', async () => {
    const office = open();
    expect(office.post.serving).toBeUndefined();
    await office.post.open();
    expect(office.serving).toEqual([]);
    office.post.keep();
    expect(office.serving).toEqual([office.processes[0]]);
    expect(office.post.serving).toBe(office.processes[0]);
    await office.post.giveUp(1000);
  });

  it('rejects with the reason when the process cannot start, and ends it', async () => {
    const office = open({
      start: () => {
        throw new Error('no key in the folder');
      },
    });
    await expect(office.post.open()).rejects.toThrow('Worker 1 does not start: no key in the folder');
    expect(office.processes[0]?.killed).toBe(true);
    expect(office.processes).toHaveLength(1);
  });

  it('gives a configuration that came while the process started', async () => {
    const office: Office = open({
      start: () => {
        office.loaded = configOf('second');
      },
    });
    await office.post.open();
    expect(office.processes[0]?.heard).toEqual(['start', 'reload']);
  });
});

describe('Post.keep()', () => {
  it('replaces a process that ends, after its calls were settled', async () => {
    const settled: number[] = [];
    const office = open({
      abandon: async () => {
        settled.push(1);
        return await Promise.resolve(3);
      },
    });
    await office.post.open();
    office.post.keep();
    office.processes[0]?.end('signal SIGKILL');
    await expect.poll(() => office.post.serving?.pid).toBe(1);
    expect(office.serving).toEqual([office.processes[1]]);
    expect(office.post.restarts).toBe(1);
    expect(settled).toEqual([1]);
    expect(JSON.parse(office.log[0] ?? '')).toMatchObject({
      level: 'error',
      msg: 'a worker process ended and is replaced',
      worker: 1,
      how: 'signal SIGKILL',
      callsLost: 3,
    });
    await office.post.giveUp(1000);
  });

  it('goes on when the calls cannot be settled, and says so', async () => {
    const office = open({ abandon: async () => await Promise.reject(new Error('The disk is full')) });
    await office.post.open();
    office.post.keep();
    office.processes[0]?.end('exit code 1');
    await expect.poll(() => office.post.serving?.pid).toBe(1);
    expect(office.log.join('')).toContain('The disk is full');
    await office.post.giveUp(1000);
  });

  it('tries again, later, when the next process does not start', async () => {
    const office = open({
      start: (nth) => {
        if (nth === 1) throw new Error('too many files open');
      },
    });
    await office.post.open();
    office.post.keep();
    office.processes[0]?.end('exit code 1');
    await expect.poll(() => office.log.join('')).toContain('too many files open');
    expect(office.post.serving).toBeUndefined();
    await expect.poll(() => office.post.serving?.pid, { timeout: 5000 }).toBe(2);
    expect(office.processes[1]?.killed).toBe(true);
    await office.post.giveUp(1000);
  });
});

describe('Post.reload()', () => {
  it('rejects when the process refuses', async () => {
    const office = open({
      reload: () => {
        throw new Error('not taken over');
      },
    });
    await office.post.open();
    office.post.keep();
    await expect(office.post.reload(configOf('next'))).rejects.toThrow('not taken over');
    await office.post.giveUp(1000);
  });

  it('does nothing while no process serves: the next one starts with what is in force', async () => {
    const office = open();
    await office.post.reload(configOf('next'));
    expect(office.processes[0]?.heard).not.toContain('reload');
  });
});

describe('Post.replace()', () => {
  it('lets the process end what it does, without new work, and starts another', async () => {
    const stopped = Promise.withResolvers<void>();
    const office = open({ stop: () => stopped.promise });
    await office.post.open();
    office.post.keep();
    const [first] = office.processes;
    const replaced = office.post.replace(10_000);
    expect(office.serving).toEqual([]);
    await expect.poll(() => first?.heard).toContain('stop');
    expect(first?.killed).toBe(false);
    stopped.resolve();
    await replaced;
    await expect.poll(() => office.post.serving?.pid).toBe(1);
    await office.post.giveUp(1000);
  });
});

describe('Post.giveUp()', () => {
  it('kills a process that does not end in time, and starts no other', async () => {
    const office = open({ stop: async () => await new Promise(() => undefined) });
    await office.post.open();
    office.post.keep();
    await office.post.giveUp(20);
    expect(office.processes[0]?.killed).toBe(true);
    expect(office.processes).toHaveLength(1);
    expect(office.post.serving).toBeUndefined();
    expect(office.log).toEqual([]);
  });

  it('ends the wait for the next start', async () => {
    const office = open({
      start: (nth) => {
        if (nth > 0) throw new Error('never again');
      },
    });
    await office.post.open();
    office.post.keep();
    office.processes[0]?.end('exit code 1');
    await expect.poll(() => office.log.join('')).toContain('never again');
    await office.post.giveUp(1000);
    const count = office.processes.length;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(office.processes).toHaveLength(count);
  });
});
