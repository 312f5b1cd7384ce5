/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes the `console` of scripts, and `format`, which turns its arguments into text.
 *
 * @param {(value: any, depth?: number) => string} inspect
 * @param {(stream: 'stdout' | 'stderr', text: string) => void} print Takes whole lines with their ends.
 * @param {() => number} now Milliseconds.
 */
export function makeConsole(inspect, print, now) {
  const counts = new Map();
  const timers = new Map();
  let indent = '';

  const text = (/** @type {any} */ value) => (typeof value === 'string' ? value : inspect(value));

  const directive = (/** @type {string} */ letter, /** @type {any} */ value) => {
    switch (letter) {
      case 's':
        return text(value);
      case 'd':
      case 'f':
        return typeof value === 'object' ? 'NaN' : String(Number(value));
      case 'i':
        return typeof value === 'object' ? 'NaN' : String(Math.trunc(Number(value)));
      case 'c':
        return '';
      default:
        return inspect(value);
    }
  };

  const format = (/** @type {any[]} */ values) => {
    const [first, ...rest] = values;
    if (typeof first !== 'string' || rest.length === 0 || first.length > 10_000) {
      return values.map(text).join(' ');
    }
    const start = first.replaceAll(
      /%([sdifjoOc%])/g,
      (/** @type {string} */ whole, /** @type {string} */ letter) => {
        if (letter === '%') {
          return '%';
        }
        return rest.length === 0 ? whole : directive(letter, rest.shift());
      },
    );
    return [start, ...rest.map(text)].join(' ');
  };

  const write = (/** @type {'stdout' | 'stderr'} */ stream, /** @type {string} */ line) => {
    print(stream, `${indent === '' ? line : indent + line.replaceAll('\n', `\n${indent}`)}\n`);
  };
  const to =
    (/** @type {'stdout' | 'stderr'} */ stream) =>
    (/** @type {any[]} */ ...values) =>
      write(stream, format(values));

  const cellsOf = (/** @type {any} */ row) =>
    typeof row === 'object' && row !== null ? Object.entries(row).slice(0, 20) : [['Values', row]];

  const table = (/** @type {any} */ data) => {
    if (typeof data !== 'object' || data === null) {
      write('stdout', format([data]));
      return;
    }
    const rows = Object.entries(data).slice(0, 1000);
    const heads = new Set(['(index)']);
    const lines = rows.map(([index, row]) => {
      const cells = new Map([['(index)', index]]);
      for (const [head, cell] of cellsOf(row)) {
        heads.add(head);
        cells.set(head, inspect(cell, 0));
      }
      return cells;
    });
    const columns = [...heads].map((head) => {
      const cells = lines.map((line) => line.get(head) ?? '');
      const width = cells.reduce((most, cell) => Math.max(most, Math.min(cell.length, 200)), head.length);
      return [head, '-'.repeat(width), ...cells].map((cell) => cell.padEnd(width));
    });
    for (let at = 0; at < lines.length + 2; at += 1) {
      write('stdout', `| ${columns.map((column) => column[at]).join(' | ')} |`);
    }
  };

  const elapsed = (/** @type {any} */ label) => {
    const started = timers.get(String(label));
    return started === undefined ? undefined : `${String(label)}: ${(now() - started).toFixed(1)}ms`;
  };

  const console = {
    log: to('stdout'),
    info: to('stdout'),
    debug: to('stdout'),
    warn: to('stderr'),
    error: to('stderr'),
    dir: (/** @type {any} */ value, /** @type {any} */ options) => {
      const depth = options?.depth;
      write('stdout', inspect(value, typeof depth === 'number' ? depth : depth === null ? 20 : undefined));
    },
    table,
    assert: (/** @type {any} */ condition, /** @type {any[]} */ ...values) => {
      if (!condition) {
        write('stderr', values.length === 0 ? 'Assertion failed' : `Assertion failed: ${format(values)}`);
      }
    },
    count: (label = 'default') => {
      const count = (counts.get(String(label)) ?? 0) + 1;
      counts.set(String(label), count);
      write('stdout', `${String(label)}: ${count}`);
    },
    countReset: (label = 'default') => {
      counts.delete(String(label));
    },
    time: (label = 'default') => {
      timers.set(String(label), now());
    },
    timeLog: (label = 'default', /** @type {any[]} */ ...values) => {
      const line = elapsed(label);
      if (line !== undefined) {
        write('stdout', format([line, ...values]));
      }
    },
    timeEnd: (label = 'default') => {
      const line = elapsed(label);
      timers.delete(String(label));
      if (line !== undefined) {
        write('stdout', line);
      }
    },
    group: (/** @type {any[]} */ ...values) => {
      if (values.length > 0) {
        write('stdout', format(values));
      }
      indent = indent.length < 40 ? `${indent}  ` : indent;
    },
    groupEnd: () => {
      indent = indent.slice(2);
    },
    trace: (/** @type {any[]} */ ...values) => {
      const { stack = '' } = new Error(format(values));
      write('stderr', stack.replace(/^Error/, 'Trace'));
    },
  };

  const reset = () => {
    counts.clear();
    timers.clear();
    indent = '';
  };

  return { console, reset };
}
