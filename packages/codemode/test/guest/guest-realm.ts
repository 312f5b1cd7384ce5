import { createContext, runInContext } from 'node:vm';
import type { GuestData, GuestServer } from '../../src/guest/guest-data.ts';
import { GUEST_PRELUDE } from '../../src/guest/prelude.ts';

export interface Asked {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

/** Answers one operation; what it throws with a `name` and `details` reaches the script. */
export type Answer = (asked: Asked) => unknown;

/**
 * A realm of its own in which the prelude runs as it does inside the sandbox: nothing but JSON text crosses. No boundary, which a test does not need.
 */
export class GuestRealm {
  readonly asked: Asked[] = [];
  readonly warned: string[] = [];
  readonly #context = createContext({});
  #answer: Answer = () => null;

  readonly #prelude: string;

  constructor(prelude: string = GUEST_PRELUDE) {
    this.#prelude = prelude;
    this.#context['host'] = (name: string, input: string): Promise<string> => this.#host(name, input);
    this.#context['console'] = { warn: (text: string) => this.warned.push(text) };
    runInContext(CALL, this.#context);
  }

  /** Evaluates the prelude; again in a session. */
  start(data: Partial<GuestData> = {}, answer?: Answer): this {
    if (answer !== undefined) this.#answer = answer;
    const all: GuestData = {
      servers: [],
      discovered: [],
      summary: 'summary',
      mode: 'run',
      loadOnUse: true,
      ...data,
    };
    this.#context['data'] = JSON.stringify(all);
    runInContext(`(${this.#prelude})(callHost, JSON.parse(data))`, this.#context);
    return this;
  }

  /** Runs the body of an async function; what it returns crosses as JSON. */
  async run(code: string): Promise<unknown> {
    const text = (await runInContext(
      `'use strict'; (async () => { ${code} })().then((value) => toText(value))`,
      this.#context,
    )) as string | undefined;
    return text === undefined ? undefined : JSON.parse(text);
  }

  async #host(name: string, input: string): Promise<string> {
    const asked: Asked = { name, input: JSON.parse(input) };
    this.asked.push(asked);
    try {
      return JSON.stringify({ value: await this.#answer(asked) });
    } catch (error) {
      const { name: kind, message, details } = error as Error & { details?: unknown };
      return JSON.stringify({ error: { name: kind, message, details } });
    }
  }
}

const CALL = `const { parse, stringify } = JSON; const define = Object.defineProperty; globalThis.toText = stringify;
globalThis.callHost = async (name, input) => {
  const { value, error } = parse(await host(name, stringify(input)));
  if (error === undefined) return value;
  const made = new Error(error.message);
  for (const key of ['name', 'details']) define(made, key, { value: error[key] });
  throw made;
};`;

export const GITHUB: GuestServer = {
  name: 'github',
  alias: 'github',
  snake: 'github',
  loaded: true,
  tools: [
    ['list-issues', 'listIssues', 'list_issues'],
    ['get_me', 'getMe', 'get_me'],
  ],
};

export const DRIVE: GuestServer = {
  name: 'Google Drive',
  alias: 'googleDrive',
  snake: 'google_drive',
  loaded: false,
  tools: null,
};

export const text = (...texts: readonly string[]): unknown => ({
  content: texts.map((each) => ({ type: 'text', text: each })),
});
