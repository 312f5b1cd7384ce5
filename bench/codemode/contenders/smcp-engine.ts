import {
  createJavaScriptEngine,
  DEFAULT_LIMITS,
  type EngineSession,
  type JavaScriptEngineOptions,
  type ScriptHost,
} from '@smcp/sandbox';
import { BENCH_FUNCTIONS } from '../upstream/bench-tools.mjs';
import type { Contender } from './contender.ts';

/** What makes `bench.<tool>(args)` for a script. */
const PRELUDE = `(call, names) => {
  globalThis.bench = Object.fromEntries(names.map((name) => [name, (args) => call(name, args)]));
}`;
const OWNER = 'bench';
const OPTIONS = { limits: DEFAULT_LIMITS };

const host: ScriptHost = {
  call: async (name, input) => {
    const tool = Object.hasOwn(BENCH_FUNCTIONS, name) ? BENCH_FUNCTIONS[name] : undefined;
    if (tool === undefined) {
      throw new TypeError(`No tool ${name}`);
    }
    return JSON.stringify(await tool(JSON.parse(input) as Readonly<Record<string, unknown>>));
  },
};

/** The engine of SMCP, without the gateway. */
export async function openEngine(options: JavaScriptEngineOptions): Promise<Contender> {
  const engine = createJavaScriptEngine(options);
  const held: EngineSession[] = [];
  return {
    run: async (body) => {
      await using session = await engine.open({ owner: OWNER, persistent: false });
      return await runIn(session, body);
    },
    hold: async (sessions) => {
      for (let at = 0; at < sessions; at += 1) {
        const session = await engine.open({ owner: `${OWNER} ${held.length}`, persistent: true });
        held.push(session);
        await runIn(session, 'const kept = await bench.echo({ message: "kept" });');
      }
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(held.map(async (session) => await session[Symbol.asyncDispose]()));
      await engine[Symbol.asyncDispose]();
    },
  };
}

async function runIn(session: EngineSession, code: string): Promise<unknown> {
  const data = JSON.stringify(Object.keys(BENCH_FUNCTIONS));
  const source = { language: 'typescript', code, name: 'script.ts', prelude: PRELUDE, data } as const;
  const { status, value, error } = await session.run(source, host, OPTIONS);
  if (status !== 'ok') {
    throw new Error(`The script ended as ${status}: ${error?.message ?? 'no reason'}`);
  }
  return value === undefined ? undefined : (JSON.parse(value) as unknown);
}
