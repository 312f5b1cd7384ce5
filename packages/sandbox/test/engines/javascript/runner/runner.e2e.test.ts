import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRunner, type TestRunner } from './start-runner.ts';

// What stays within its limits leaves the runner as it was, so that these share one. Those that end a runner are in limits.e2e.test.ts.
describe.each([[['--jitless']], [[]]])('runner with flags %j', (flags: string[]) => {
  let runner: TestRunner;
  beforeAll(() => {
    runner = startRunner(flags);
  });
  afterAll(() => runner[Symbol.asyncDispose]());

  describe('process', () => {
    it('says when it is ready, and how it runs', async () => {
      const ready = await runner.ready;
      expect(ready).toMatchObject({ pid: runner.pid, jitless: flags.includes('--jitless') });
    });

    it('runs one script after another, each in a fresh world', async () => {
      expect((await runner.run('globalThis.left = 1; return 1')).result).toBe(1);
      expect((await runner.run('return typeof left')).result).toBe('undefined');
    });

    it('tells what a run used', async () => {
      const told = await runner.run('let n = 0; for (let i = 0; i < 300_000; i += 1) n += i; return n');
      expect(told.cpuMs).toBeGreaterThan(0);
      expect(told.heapBytes).toBeGreaterThan(100_000);
      expect(told.heapBytes).toBeLessThan(64 * 1024 * 1024);
      expect(told.kept).toBe(false);
    });

    it('has no environment', () => {
      const environment = readFileSync(`/proc/${runner.pid}/environ`, 'utf8');
      expect(environment).toBe('');
    });
  });

  describe('errors', () => {
    it('tell where they were thrown, through types and awaits', async () => {
      const code =
        'type A = {\n  a: 1 };\nasync function f(x: number): Promise<void> {\n  await call("a");\n  (null as any).y;\n}\nawait f(1)';
      expect((await runner.run(code)).error).toEqual({
        name: 'TypeError',
        message: "Cannot read properties of null (reading 'y')",
        line: 5,
        column: 17,
        stack: 'at f (script.ts:5:17)\nat async script.ts:7:1',
      });
    });

    it('of syntax tell their place', async () => {
      expect(await runner.run('let a = 1;\nlet b: = 2;')).toMatchObject({
        status: 'error',
        error: { name: 'SyntaxError', message: 'Unexpected token', line: 2, column: 8 },
      });
    });

    it('that only V8 finds tell their place as well', async () => {
      const told = await runner.run('let a = 1;\nreturn /(?<n>a)(?<n>b)/u', { language: 'javascript' });
      expect(told).toMatchObject({ status: 'error', error: { name: 'SyntaxError', line: 2 } });
    });

    it.each([
      ['throw "text"', { name: 'Error', message: 'text' }],
      ['throw undefined', { name: 'Error', message: 'undefined' }],
      ['throw { a: 1 }', { name: 'Error', message: '{ a: 1 }' }],
      ['throw Object.assign(new Error("m"), { name: "Mine" })', { name: 'Mine', message: 'm' }],
      [
        'throw new Proxy({}, { get() { throw 1 }, ownKeys() { throw 2 } })',
        { name: 'Error', message: '[unreadable]' },
      ],
      [
        'throw Object.defineProperty(new Error("a"), "stack", { get() { throw 1 } })',
        { name: 'Error', message: 'a' },
      ],
      ['throw Object.defineProperty(new Error("a"), "message", { get() { throw 1 } })', { name: 'Error' }],
      [
        'function f() { f() } f()',
        { name: 'RangeError', message: 'Maximum call stack size exceeded', line: 1 },
      ],
    ])('%s', async (code, error) => {
      expect(await runner.run(code)).toMatchObject({ status: 'error', error });
    });

    it('are bounded', async () => {
      const { error } = await runner.run(
        'const e = new Error("m".repeat(1e6)); e.name = "n".repeat(1e6); throw e',
      );
      expect(error?.message).toHaveLength(8192);
      expect(error?.name).toHaveLength(100);
    });

    it('show nothing of what runs the script', async () => {
      const told = await runner.run(
        'const stacks = [new Error("a").stack]; try { await call("fail") } catch (e) { stacks.push(e.stack) }\n' +
          'try { new URL("x") } catch (e) { stacks.push(e.stack) } try { structuredClone(() => 1) } catch (e) { stacks.push(e.stack) }\n' +
          'setTimeout(() => stacks.push(new Error("b").stack), 1); await new Promise((r) => setTimeout(r, 20)); return stacks',
        {
          answer: () => {
            throw new Error('no');
          },
        },
      );
      const frames = (told.result as string[]).flatMap((stack) => stack.split('\n').slice(1));
      expect(frames.length).toBeGreaterThan(3);
      for (const frame of frames) {
        expect(frame).toMatch(/^ {4}at (?:async )?(?:\S+ \(script\.ts:\d+:\d+\)|script\.ts:\d+:\d+)$/);
      }
    });

    it('name the script as it is named', async () => {
      const { error } = await runner.run('null.x', { name: 'a b/(c):1.ts' });
      expect(error).toMatchObject({ line: 1, column: 6, stack: 'at a-b/-c-1.ts:1:6' });
    });

    it('that nobody handled are printed and decide nothing', async () => {
      const told = await runner.run('Promise.reject(new RangeError("loose")); await call("a"); return 5');
      expect(told).toMatchObject({
        status: 'ok',
        result: 5,
        stderr: 'Unhandled rejection: RangeError: loose\n',
      });
    });

    it('cannot pretend that the memory was used up', async () => {
      const message = 'Isolate was disposed during execution due to memory limit';
      const told = await runner.run(`Promise.reject(new Error("${message}")); await call("a"); return 1`);
      expect(told).toMatchObject({ status: 'ok', result: 1 });
    });

    it('in timers and microtasks are printed', async () => {
      const told = await runner.run(
        'setTimeout(() => { throw new Error("t") }, 1); queueMicrotask(() => { throw new Error("m") });\n' +
          'await new Promise((r) => setTimeout(r, 30))',
      );
      expect(told).toMatchObject({ status: 'ok', stderr: 'Uncaught Error: m\nUncaught Error: t\n' });
    });
  });

  describe('values', () => {
    it.each([
      ['return undefined', undefined],
      ['return null', null],
      ['"last"', 'last'],
      [
        'return { a: [1, NaN], b: new Date(0), c: new Map([["k", new Set([1])]]), d: undefined }',
        { a: [1, null], b: '1970-01-01T00:00:00.000Z', c: { k: [1] } },
      ],
      ['return { then(resolve) { resolve(7) } }', 7],
      ['() => ({ a: 1 })', { a: 1 }],
      ['return new Proxy([1], {})', [1]],
    ])('%s', async (code, result) => {
      expect(await runner.run(code)).toMatchObject({ status: 'ok', result });
    });

    it.each([
      ['return { a: { b: [1n] } }', 'The returned value cannot be written as JSON: BigInt at .a.b[0]'],
      [
        'const a = {}; a.self = a; return a',
        'The returned value cannot be written as JSON: a cycle at .self',
      ],
      ['return { f() {} }', 'The returned value cannot be written as JSON: function at .f'],
    ])('%s is refused', async (code, message) => {
      expect(await runner.run(code, { language: 'javascript' })).toMatchObject({
        status: 'error',
        error: { name: 'TypeError', message },
      });
    });

    it('of a last expression that cannot be written are only told of', async () => {
      const told = await runner.run('({ f() {} })');
      expect(told).toMatchObject({ status: 'ok', result: undefined });
      expect(told.stderr).toContain('function at .f');
    });
  });

  describe('calls', () => {
    it('give what the host answers, in parallel', async () => {
      const told = await runner.run('return await Promise.all([1, 2, 3].map((n) => call("x", { n })))', {
        answer: (_name, input) => ({ got: input }),
      });
      expect(told.result).toEqual([{ got: { n: 1 } }, { got: { n: 2 } }, { got: { n: 3 } }]);
      expect(told.calls.map(({ name }) => name)).toEqual(['x', 'x', 'x']);
    });

    it('fail with name, message, details and the line of the call', async () => {
      const told = await runner.run('const a = 1;\nawait call("x")', {
        answer: () => {
          throw Object.assign(new Error('not allowed'), { name: 'ToolError', details: { code: 'DENIED' } });
        },
      });
      expect(told.error).toMatchObject({
        name: 'ToolError',
        message: 'not allowed',
        line: 2,
        column: 7,
        details: { code: 'DENIED' },
      });
    });

    it('are no more at a time than allowed', async () => {
      let open = 0;
      let most = 0;
      const told = await runner.run('await Promise.all(Array.from({ length: 20 }, (_, n) => call("x", n)))', {
        limits: { parallelCalls: 3 },
        answer: async () => {
          open += 1;
          most = Math.max(most, open);
          await new Promise((resolve) => {
            setTimeout(resolve, 2);
          });
          open -= 1;
          return 1;
        },
      });
      expect([told.status, told.calls.length, most]).toEqual(['ok', 20, 3]);
    });

    it('that are open when the script ends are dropped', async () => {
      const told = await runner.run('void call("never"); return 1', { answer: () => undefined });
      expect(told).toMatchObject({ status: 'ok', result: 1 });
      expect((await runner.run('return 2')).result).toBe(2);
    });

    it('ignore an answer that comes too late or was not asked for', async () => {
      const told = await runner.run('return await call("x", 5)', {
        started: (run) => {
          runner.send({ type: 'settle', run, call: 99, value: '1' });
          runner.send({ type: 'settle', run: run - 1, call: 1, value: '1' });
        },
      });
      expect(told.result).toBe(5);
    });

    it('carry __proto__ as a plain member in both directions', async () => {
      const told = await runner.run(
        'const o = JSON.parse(\'{"__proto__":{"polluted":1}}\'); const d = await call("x", o); return [Object.keys(d), d.polluted === undefined, {}.polluted === undefined]',
        { language: 'javascript', answer: () => JSON.parse('{"__proto__":{"polluted":1}}') as unknown },
      );
      expect(told.result).toEqual([['__proto__'], true, true]);
    });

    it('give no thenable a chance to run outside', async () => {
      const result: unknown = JSON.parse('{"then":"no function","ok":1}');
      const told = await runner.run('return await call("x")', {
        answer: () => result,
      });
      expect(told.result).toEqual(result);
    });
  });

  describe('prelude', () => {
    it('makes globals out of call and data', async () => {
      const told = await runner.run('return await github.list()', {
        prelude: '(call, data) => { globalThis.github = { list: () => call("tool", data) } }',
        data: { a: 1 },
      });
      expect(told.result).toEqual({ a: 1 });
    });

    it.each(['(call) => { null.x }', 'not an expression', '5', '(() => { throw new Error("in it") })()'])(
      'that fails ends the run: %s',
      async (prelude) => {
        const told = await runner.run('return 1', { prelude });
        expect(told).toMatchObject({ status: 'error', error: { name: 'Error' } });
        expect(told.error?.message).toMatch(/^The globals of the script could not be set up: /);
        expect(told.error?.stack).toBeUndefined();
      },
    );
  });

  describe('world', () => {
    it('has what scripts expect', async () => {
      const told = await runner.run(`
        const bytes = crypto.getRandomValues(new Uint8Array(16));
        const id = crypto.randomUUID();
        const started = performance.now();
        const order: string[] = [];
        setTimeout(() => order.push('timer'), 1);
        queueMicrotask(() => order.push('microtask'));
        const timer = setInterval(() => order.push('tick'), 1);
        await new Promise((resolve) => setTimeout(resolve, 50));
        clearInterval(timer);
        const controller = new AbortController();
        controller.abort();
        return {
          random: bytes.some((byte) => byte !== 0),
          id: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id),
          time: performance.now() > started,
          order: [order[0], order.includes('timer'), order.filter((entry) => entry === 'tick').length > 2],
          url: new URL('/a?b=c', 'https://x.example').searchParams.get('b'),
          text: new TextDecoder().decode(new TextEncoder().encode('ä€')),
          base64: atob(btoa('abc')),
          clone: structuredClone(new Map([[1, new Date(0)]])),
          aborted: controller.signal.aborted,
          intl: new Intl.NumberFormat('de-DE').format(1234.5),
          zone: new Date(0).toLocaleString('en-US', { timeZone: 'Asia/Tokyo' }),
          iterators: Object.groupBy([1, 2, 3].values().map((n) => n * 2), (n) => n > 2 ? 'big' : 'small'),
        };`);
      expect(told.result).toEqual({
        random: true,
        id: true,
        time: true,
        order: ['microtask', true, true],
        url: 'c',
        text: 'ä€',
        base64: 'abc',
        clone: [[1, '1970-01-01T00:00:00.000Z']],
        aborted: true,
        intl: '1.234,5',
        zone: '1/1/1970, 9:00:00 AM',
        iterators: { small: [2], big: [4, 6] },
      });
    });

    it('prints in order, by stream', async () => {
      const told = await runner.run(
        'console.log("a", { b: 1 }); console.error("c"); console.log("d".repeat(300_000))',
      );
      expect(told.stdout).toBe(`a { b: 1 }\n${'d'.repeat(300_000)}\n`);
      expect(told.stderr).toBe('c\n');
    });

    it('has nothing of a host', async () => {
      const told = await runner.run(
        'return ["process", "require", "module", "fetch", "WebAssembly", "SharedArrayBuffer", "Atomics", "Buffer", "global", "smcp:open", "smcp:survey"].filter((name) => name in globalThis)',
      );
      expect(told.result).toEqual([]);
      const reached = await runner.run(
        'return [].constructor.constructor("return typeof process + typeof require")()',
        {
          language: 'javascript',
        },
      );
      expect(reached.result).toBe('undefinedundefined');
    });

    it('refuses import() that is made at run time', async () => {
      const told = await runner.run(
        'return await eval("import(\\"node:fs\\")").then(() => "in", (e) => e.name)',
      );
      expect(told.result).toBe('Error');
    });

    it('has no buffer that grows past its account', async () => {
      expect(await runner.run('new ArrayBuffer(1, { maxByteLength: 2 ** 30 })')).toMatchObject({
        status: 'error',
        error: { name: 'RangeError' },
      });
      const told = await runner.run(
        'const b = new Uint8Array(8).buffer; return [b.constructor === ArrayBuffer, typeof b.resize, b.slice(0, 4).byteLength, ArrayBuffer.isView(b)]',
      );
      expect(told.result).toEqual([true, 'undefined', 4, false]);
    });
  });

  describe('intrinsics', () => {
    it('are frozen, all that can be reached', async () => {
      const told = await runner.run(
        `const roots = [globalThis, async () => {}, function* () {}, async function* () {}, [].values(), [].values().map((x) => x),
          Iterator.from({ next() {} }), ''.matchAll(/a/g), ''[Symbol.iterator](), new Map().entries(), new Set().values(),
          new Intl.Segmenter().segment('a'), new Intl.Segmenter().segment('a')[Symbol.iterator](), new URLSearchParams().keys(),
          Promise.resolve(), new Error('a'), 1n, Symbol.iterator].map((root) => Object.getPrototypeOf(root)).concat(globalThis);
        const seen = new Set([Object.getPrototypeOf(function* () {}).prototype]);
        const open = [...roots];
        const loose = [];
        while (open.length > 0) {
          const value = open.pop();
          if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
          seen.add(value);
          if (value !== globalThis && !Object.isFrozen(value)) loose.push(String(value.name ?? value[Symbol.toStringTag] ?? value));
          open.push(Object.getPrototypeOf(value));
          for (const key of Reflect.ownKeys(value)) {
            const { value: member, get, set } = Reflect.getOwnPropertyDescriptor(value, key);
            open.push(member, get, set);
          }
        }
        return { count: seen.size, loose }`,
        { language: 'javascript', prelude: '() => {}' },
      );
      const { count, loose } = told.result as { count: number; loose: string[] };
      expect(loose).toEqual([]);
      expect(count).toBeGreaterThan(800);
    });

    it.each([
      'Object.prototype.polluted = 1',
      'Object.prototype.toString = () => 1',
      'Object.defineProperty(Object.prototype, "then", { get() { return 1 } })',
      'Array.prototype.push = 1',
      'Array.prototype[0] = 1',
      'Promise.prototype.then = 1',
      'Error.prototype.name = "x"',
      'Function.prototype.call = 1',
      'JSON.stringify = () => "1"',
      'globalThis.JSON = {}',
      'JSON = {}',
      'delete Map.prototype.get',
      'Object.setPrototypeOf(Array.prototype, {})',
      'Error.prepareStackTrace = () => "x"',
      'Error.stackTraceLimit = 0',
      'console.log = 1',
      'globalThis.setTimeout = 1',
      'URL.prototype.toString = 1',
      'Object.getPrototypeOf(async () => {}).constructor.prototype.x = 1',
      'Symbol.prototype.description2 = 1',
      'RegExp.escape = 1',
      'DisposableStack.prototype.use = 1',
    ])('cannot be changed: %s', async (code) => {
      expect(await runner.run(`'use strict'; ${code}`, { language: 'javascript' })).toMatchObject({
        status: 'error',
        error: { name: 'TypeError' },
      });
    });

    it('let objects of scripts have members of the same names', async () => {
      const told = await runner.run(
        `const error = new Error('a'); error.name = 'N'; error.message = 'M'; error.toString = () => 'T';
        const object = {}; object.toString = () => 'o'; object.constructor = 5; object.hasOwnProperty = 6; object.valueOf = () => 7;
        class Own extends TypeError { constructor(message) { super(message); this.name = 'Own'; this.constructor = Own; } }
        function Old() {} Old.prototype = Object.create(Error.prototype); Old.prototype.constructor = Old; Old.prototype.name = 'Old'; Old.toString = () => 'f';
        const map = new Map(); map.toString = () => 'm'; const date = new Date(0); date.toJSON = () => 'j';
        const suppressed = new SuppressedError(1, 2, 'm'); suppressed.name = 's';
        return [String(error), error.name, error.message, String(object), object.constructor, object + 1, String(new Own('x')), new Old().name, String(Old), String(map), date, suppressed.name, Object.keys(error)]`,
        { language: 'javascript' },
      );
      expect(told.result).toEqual([
        'T',
        'N',
        'M',
        'o',
        5,
        8,
        'Own: x',
        'Old',
        'f',
        'm',
        'j',
        's',
        ['name', 'toString'],
      ]);
    });

    it('cannot be changed for the bridge by what a script does to its own objects', async () => {
      const told = await runner.run(
        'const list = [1]; list.toJSON = () => "own"; const p = call("y"); Object.defineProperty(p, "then", { value: null }); await 0; return [list, await call("x", list)]',
        { language: 'javascript' },
      );
      expect(told.result).toEqual(['own', 'own']);
    });
  });

  describe('stop', () => {
    it('ends a script that loops, and leaves a runner that works', async () => {
      const told = await runner.run('await call("x"); for (;;);', {
        answer: () => 1,
        started: (run) => setTimeout(() => runner.send({ type: 'stop', run }), 100),
      });
      expect(told).toMatchObject({ status: 'error', error: { name: 'AbortError' } });
      expect((await runner.run('return 3')).result).toBe(3);
    });

    it('of another run does nothing', async () => {
      const told = await runner.run('return await call("x", 4)', {
        started: (run) => runner.send({ type: 'stop', run: run + 1 }),
      });
      expect(told.result).toBe(4);
    });
  });

  it('leaves nothing of a script running that goes on after its end', async () => {
    const told = await runner.run('(async () => { for (;;) await 0 })(); return 1');
    expect(told).toMatchObject({ status: 'ok', result: 1 });
    expect((await runner.run('return 2')).result).toBe(2);
    await runner.run('setInterval(() => console.log("late"), 1); return 1');
    expect((await runner.run('await new Promise((r) => setTimeout(r, 30))')).stdout).toBe('');
  });

  it('writes nothing but to its channel', () => {
    expect(runner.noise()).toBe('');
  });

  it('keeps scripts that break out of their wrapping off its own thread', async () => {
    const code = 'let y = 1; 1 <!--y /*\n}); for (;;); (async () => {\n/* */';
    const told = await runner.run(code, {
      language: 'javascript',
      started: (run) => setTimeout(() => runner.send({ type: 'stop', run }), 200),
    });
    expect(told.status).not.toBe('died');
  });
});
