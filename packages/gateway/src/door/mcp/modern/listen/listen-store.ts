import type { Principal } from '@smcp/policy';
import type { Hearers } from '../../hearing/hearer.ts';
import { ownerKey, Tally } from '../../tally.ts';
import type { Listen } from './listen.ts';

const SWEEP_MS = 1000;

export interface ListenStoreOptions {
  readonly limits: () => { readonly max: number; readonly maxPerPrincipal: number };
  /** False once a principal may no longer listen at an endpoint. */
  readonly mayStay: (principal: Principal, endpoint: string) => boolean;
  readonly hearers: Hearers;
}

/** A place among the streams that listen, taken before the stream is there. */
export interface ListenPlace {
  /** From now on the stream is told of changes and can be ended from our side. `finalText` is what it then says last. */
  begin(listen: Listen, finalText: string): void;
  /** The client has gone, or the stream has ended. */
  leave(): void;
}

/**
 * All streams that listen. They are never ended for being silent; only when the gateway stops, or the principal may no longer listen, which is looked at
 * each second, or a server that one follows is no more.
 */
export class ListenStore implements Disposable {
  readonly #options: ListenStoreOptions;
  readonly #perPrincipal = new Tally();
  readonly #open = new Map<Listen, string>();
  readonly #sweeper: NodeJS.Timeout;
  #taken = 0;
  #disposed = false;

  constructor(options: ListenStoreOptions) {
    this.#options = options;
    this.#sweeper = setInterval(() => {
      this.sweep();
    }, SWEEP_MS).unref();
  }

  get size(): number {
    return this.#open.size;
  }

  /** A place for one more stream of a principal; undefined when there is no room. */
  take(principal: Principal): ListenPlace | undefined {
    const { max, maxPerPrincipal } = this.#options.limits();
    const owner = ownerKey(principal);
    if (this.#disposed || this.#taken >= max || this.#perPrincipal.of(owner) >= maxPerPrincipal) {
      return undefined;
    }
    this.#taken += 1;
    this.#perPrincipal.add(owner);
    let listening: Listen | undefined;
    let isTaken = true;
    return {
      begin: (listen, finalText) => {
        if (isTaken && !listen.ended) {
          listening = listen;
          this.#open.set(listen, finalText);
          this.#options.hearers.add(listen);
        }
      },
      leave: () => {
        if (isTaken) {
          isTaken = false;
          this.#taken -= 1;
          this.#perPrincipal.remove(owner);
          this.#forget(listening);
        }
      },
    };
  }

  /** Ends the streams that may not go on. A client that still may listens again, and is told then what it can be told now. */
  sweep(): void {
    for (const listen of this.#open.keys()) {
      const { principalNow, endpoint, attachments } = listen;
      if (!this.#options.mayStay(principalNow, endpoint) || attachments.hasLost) {
        this.#end(listen);
      }
    }
  }

  /** Ends all of them in good order. */
  endAll(): void {
    for (const listen of this.#open.keys()) {
      this.#end(listen);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweeper);
    this.#disposed = true;
    this.endAll();
  }

  #end(listen: Listen): void {
    const finalText = this.#open.get(listen);
    this.#forget(listen);
    listen.end(finalText);
  }

  #forget(listen: Listen | undefined): void {
    if (listen !== undefined) {
      this.#open.delete(listen);
      this.#options.hearers.delete(listen);
    }
  }
}
