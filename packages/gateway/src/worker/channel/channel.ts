import type { Duplex } from 'node:stream';
import { reasonOf } from '../../lib/reason-of.ts';
import { LineSplitter } from '../../upstream/stdio/line-splitter.ts';
import { ChannelError } from './channel-error.ts';
import { formatMessage, ifChannelMessage, type ChannelMessage } from './message.ts';

/** A configuration of 1 MiB with what was put into it, in base64, and room to spare. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** What may wait for a process that does not read. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** Answers one kind of message. What it returns or resolves to is the answer to an `ask`; what it throws is the error. */
export type ChannelHandler = (body: unknown) => unknown;

export interface ChannelOptions {
  /** Both directions in one; ends with the channel. */
  readonly stream: Duplex;
  /** By the names that the other side may use, for asking and for telling. */
  readonly handlers: Readonly<Record<string, ChannelHandler>>;
  /** Told once when the channel has ended; with an error when it did not end in order. Must not throw. */
  readonly onEnd: (error: ChannelError | undefined) => void;
  /** Longest line taken in, in bytes. Default 16 MiB. */
  readonly maxLineBytes?: number;
}

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: ChannelError) => void;
}

/**
 * Two processes of one gateway, speaking.
 *
 * Promises: what is sent in one turn of the event loop leaves in one write, in order; every `ask` settles, at the latest with the end of the channel. Whatever
 * the other side sends that is no message, has no handler or answers no question ends the channel: a process that has lost its senses decides nothing.
 */
export class Channel implements Disposable {
  readonly #options: ChannelOptions;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;
  #out: string[] = [];
  #outLength = 0;
  #flushing: NodeJS.Immediate | undefined;
  #ended = false;

  constructor(options: ChannelOptions) {
    this.#options = options;
    const lines = new LineSplitter(options.maxLineBytes ?? MAX_LINE_BYTES, {
      onLine: (line) => {
        this.#take(line);
      },
      onTooLong: () => {
        this.#break('a line that is too long');
      },
    });
    options.stream
      .on('data', (chunk: Buffer) => {
        lines.push(chunk);
      })
      .once('end', () => {
        this.#end(undefined);
      })
      .once('close', () => {
        this.#end(undefined);
      })
      .on('error', (cause) => {
        this.#end(new ChannelError('CHANNEL_CLOSED', 'The other process is gone', { cause }));
      });
  }

  get isOpen(): boolean {
    return !this.#ended;
  }

  /**
   * @returns What the other side answers, of which nothing has been checked.
   * @throws {ChannelError} Every code but `CHANNEL_TIMEOUT`, by rejection.
   */
  ask(name: string, body: unknown): Promise<unknown> {
    if (this.#ended) {
      return Promise.reject(new ChannelError('CHANNEL_CLOSED', 'The other process is gone'));
    }
    if (this.#outLength + this.#options.stream.writableLength > MAX_WAITING_BYTES) {
      return Promise.reject(new ChannelError('CHANNEL_FULL', 'The other process does not read'));
    }
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#asked.set(id, { resolve, reject });
    this.#send({ kind: 'ask', id, name, body });
    return promise;
  }

  /** @throws {ChannelError} As `ask`, and `CHANNEL_TIMEOUT` after this time; an answer that comes later is dropped. */
  async askWithin(ms: number, name: string, body: unknown): Promise<unknown> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new ChannelError('CHANNEL_TIMEOUT', `The other process did not answer within ${ms} ms`));
    }, ms);
    try {
      return await Promise.race([this.ask(name, body), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Says something that needs no answer; nothing after the end. */
  tell(name: string, body: unknown): void {
    if (!this.#ended) {
      this.#send({ kind: 'tell', name, body });
    }
  }

  /** Sends what waits and ends. */
  [Symbol.dispose](): void {
    this.#flush();
    this.#options.stream.end();
    this.#end(undefined);
  }

  #send(message: ChannelMessage): void {
    const line = formatMessage(message);
    this.#out.push(line);
    this.#outLength += line.length;
    this.#flushing ??= setImmediate(() => {
      this.#flush();
    });
  }

  #flush(): void {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    const { stream } = this.#options;
    if (this.#out.length > 0 && stream.writable) {
      stream.write(`${this.#out.join('\n')}\n`);
    }
    this.#out = [];
    this.#outLength = 0;
  }

  #take(line: string): void {
    if (this.#ended) {
      return;
    }
    const message = ifChannelMessage(line);
    switch (message?.kind) {
      case 'value':
        this.#settle(message.id)?.resolve(message.value);
        break;
      case 'error': {
        const { id, code, message: text } = message;
        this.#settle(id)?.reject(new ChannelError('CHANNEL_REFUSED', text, { remoteCode: code }));
        break;
      }
      case 'ask':
      case 'tell':
        this.#handle(message);
        break;
      case undefined:
        this.#break('something that is no message');
    }
  }

  #settle(id: number): Asked | undefined {
    const asked = this.#asked.get(id);
    if (asked === undefined) {
      this.#break('an answer to nothing');
    }
    this.#asked.delete(id);
    return asked;
  }

  #handle(message: Extract<ChannelMessage, { readonly kind: 'ask' | 'tell' }>): void {
    const { name, body } = message;
    const handler = Object.hasOwn(this.#options.handlers, name) ? this.#options.handlers[name] : undefined;
    if (handler === undefined) {
      this.#break('a message that nobody knows');
      return;
    }
    const id = message.kind === 'ask' ? message.id : undefined;
    try {
      const answer = handler(body);
      if (answer instanceof Promise) {
        answer.then(
          (value: unknown) => {
            this.#answer(id, value);
          },
          (error: unknown) => {
            this.#fail(id, error);
          },
        );
      } else {
        this.#answer(id, answer);
      }
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #answer(id: number | undefined, value: unknown): void {
    if (id !== undefined && !this.#ended) {
      this.#send({ kind: 'value', id, value: value ?? null });
    }
  }

  #fail(id: number | undefined, error: unknown): void {
    if (error instanceof ChannelError && error.code === 'CHANNEL_BROKEN') {
      this.#end(error);
    } else if (id !== undefined && !this.#ended) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'FAILED';
      this.#send({ kind: 'error', id, code, message: reasonOf(error) });
    }
  }

  #break(what: string): void {
    this.#end(new ChannelError('CHANNEL_BROKEN', `The other process sent ${what}`));
  }

  #end(error: ChannelError | undefined): void {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    clearImmediate(this.#flushing);
    const { stream } = this.#options;
    // In order, what was written last is still on its way.
    if (error !== undefined || !stream.writableEnded) {
      stream.destroy();
    }
    for (const { reject } of this.#asked.values()) {
      reject(new ChannelError('CHANNEL_CLOSED', 'The other process is gone', { cause: error }));
    }
    this.#asked.clear();
    this.#options.onEnd(error);
  }
}
