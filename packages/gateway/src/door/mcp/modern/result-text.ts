import {
  isJsonObject,
  META,
  spliceResult,
  type JsonObject,
  type RequestId,
  type RpcResponse,
} from '@smcp/protocol';
import { resultText } from '../rpc-reply.ts';

type Result = Extract<RpcResponse, { readonly result: JsonObject }>;

/** How results of the gateway are written for clients of MCP 2026-07-28. */
export class ResultWriter {
  readonly #serverInfo: JsonObject;
  readonly #metaText: string;

  /** @param info Name and version under which the gateway gives results. */
  constructor(info: { readonly name: string; readonly version: string }) {
    this.#serverInfo = { name: info.name, version: info.version };
    this.#metaText = JSON.stringify({ [META.serverInfo]: this.#serverInfo });
  }

  /**
   * A result of our own.
   *
   * @param meta Members of `_meta` beside who we are, or in place of that.
   */
  own(id: RequestId, result: JsonObject, meta: JsonObject = {}): string {
    const wholeMeta = { [META.serverInfo]: this.#serverInfo, ...meta };
    return resultText(id, { resultType: 'complete', ...result, _meta: wholeMeta });
  }

  /**
   * A result of a server: what it lacks is added, what only counts for one hop is written anew, everything else stays as it was written.
   *
   * @param cacheable Whether the method is one whose results say how long they may be kept.
   */
  relayed(
    id: RequestId,
    { text, message }: { readonly text: string; readonly message: Result },
    cacheable: boolean,
  ): string {
    const members = this.#members(message.result, cacheable);
    return spliceResult(text, id, members) ?? rewritten(id, message, members);
  }

  #members(result: JsonObject, cacheable: boolean): ReadonlyMap<string, string> {
    const members = new Map<string, string>();
    const isComplete = result['resultType'] === undefined || result['resultType'] === 'complete';
    if (result['resultType'] === undefined) {
      members.set('resultType', '"complete"');
    }
    if (cacheable && isComplete) {
      if (!isDuration(result['ttlMs'])) {
        members.set('ttlMs', '0');
      }
      // What one caller may read another may not: nobody between us and the client may keep it for all.
      if (result['cacheScope'] !== 'private') {
        members.set('cacheScope', '"private"');
      }
    }
    members.set('_meta', this.#meta(result['_meta']));
    return members;
  }

  #meta(given: unknown): string {
    if (!isJsonObject(given)) {
      return this.#metaText;
    }
    const { [META.subscriptionId]: _, ...kept } = given;
    return JSON.stringify({ ...kept, [META.serverInfo]: this.#serverInfo });
  }
}

function isDuration(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** For a text in which the places cannot be told for sure. */
function rewritten(id: RequestId, { result }: Result, members: ReadonlyMap<string, string>): string {
  const changes = [...members].map(([key, text]) => [key, JSON.parse(text) as unknown] as const);
  return resultText(id, { ...result, ...Object.fromEntries(changes) });
}
