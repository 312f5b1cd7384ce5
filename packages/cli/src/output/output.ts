import { styleText } from 'node:util';
import type { OutStream } from '../cli/io.ts';
import { printable, printableJson } from './printable.ts';
import { renderTable, type Column } from './table.ts';

type Format = Parameters<typeof styleText>[0];

/** Thrown when nobody reads standard output any more, as in `smcp audit export | head`. */
export class OutputClosedError extends Error {
  override readonly name = 'OutputClosedError';
}

/**
 * What a command prints. Results go to standard output, everything else to standard error, so that `KEY=$(smcp keys create …)` works. All text is made fit for
 * a terminal here; colour is added only where a terminal shows it and `NO_COLOR` is not set.
 */
export class Output {
  /** Machines read this: one JSON document, or one per line. */
  json = false;
  readonly #stdout: OutStream;
  readonly #stderr: OutStream;

  constructor(streams: { readonly stdout: OutStream; readonly stderr: OutStream }) {
    this.#stdout = streams.stdout;
    this.#stderr = streams.stderr;
    // Without a listener a reader that went away would end the process in the middle of its work.
    this.#stdout.on('error', () => undefined);
    this.#stderr.on('error', () => undefined);
  }

  /** The result: `value` for machines, the text for people. */
  async result(value: unknown, text: () => string): Promise<void> {
    await (this.json ? this.document(value) : this.text(text()));
  }

  async document(value: unknown): Promise<void> {
    await this.#write(`${printableJson(value, 2)}\n`);
  }

  /** One of many documents, on a line of its own. */
  async line(value: unknown): Promise<void> {
    await this.#write(`${printableJson(value)}\n`);
  }

  async text(text: string): Promise<void> {
    await this.#write(`${text}\n`);
  }

  /** Something beside the result, for people. Machines do not get it. */
  note(text: string): void {
    if (!this.json) this.warn(text);
  }

  /** Like `note`, for machines' logs as well. */
  warn(text: string): void {
    this.#stderr.write(`${text}\n`);
  }

  table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
    return renderTable(rows, columns, {
      bordered: this.isTerminal,
      head: (text) => this.style('bold', text),
    });
  }

  get isTerminal(): boolean {
    return this.#stdout.isTTY === true;
  }

  /** Adds colour to a text on standard output. */
  style(format: Format, text: string): string {
    return styleText(format, text, { stream: this.#stdout });
  }

  styleError(format: Format, text: string): string {
    return styleText(format, text, { stream: this.#stderr });
  }

  printable(text: string): string {
    return printable(text);
  }

  #write(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stdout.write(text, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(new OutputClosedError('Standard output was closed', { cause: error }));
      });
    });
  }
}
