import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, request, type Dispatcher } from 'undici';
import { reasonOf } from '../../lib/reason-of.ts';
import { ifLiteralAddress, isWithinReach, type Reach } from './address-rule.ts';
import { IssuerError } from './issuer-error.ts';

const MAX_BYTES = 256 * 1024;

export interface FetchRequest {
  readonly url: URL;
  readonly reach: Reach;
  readonly signal: AbortSignal;
}

/**
 * Gets one JSON document: no redirects, no credentials, no compression, at most 256 KiB, and only from addresses within reach. The address is checked
 * after the name was looked up and is the one that is connected to.
 *
 * @throws {IssuerError} with any of its codes; nothing else.
 */
export type FetchDocument = (request: FetchRequest) => Promise<unknown>;

/** Finds every address of a host. */
export type LookupAll = (
  host: string,
  done: (error: Error | null, found: readonly LookupAddress[]) => void,
) => void;

const ofSystem: LookupAll = (host, done) => {
  lookup(host, { all: true }, (error, found) => {
    done(error, error === null ? found : []);
  });
};

/** @param lookupAll Default: the resolver of the system. */
export function createFetchDocument(lookupAll: LookupAll = ofSystem): FetchDocument {
  return async ({ url, reach, signal }) => {
    const literal = ifLiteralAddress(url);
    if (literal !== undefined && !isWithinReach(literal, reach)) throw refusedAddress(url);
    // Documents are fetched every few minutes at most: a connection of its own leaves nothing open.
    const agent = new Agent({
      // Said here, because Node lets a variable of the environment say otherwise for everybody.
      connect: { lookup: guardedLookup(lookupAll, reach), rejectUnauthorized: true },
      pipelining: 0,
    });
    try {
      return await readDocument(agent, url, signal);
    } catch (error) {
      if (error instanceof IssuerError) throw error;
      if (isRefusedAddress(error)) throw refusedAddress(url);
      throw new IssuerError('ISSUER_UNREACHABLE', `No answer from ${url.origin}: ${reasonOf(error)}`, {
        cause: error,
      });
    } finally {
      await agent.destroy();
    }
  };
}

async function readDocument(agent: Dispatcher, url: URL, signal: AbortSignal): Promise<unknown> {
  const answer = await request(url, {
    dispatcher: agent,
    signal,
    headers: { accept: 'application/json', 'accept-encoding': 'identity' },
  });
  if (answer.statusCode !== 200) {
    throw new IssuerError('ISSUER_UNREACHABLE', `${url.href} answered with HTTP status ${answer.statusCode}`);
  }
  const encoding = answer.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new IssuerError(
      'ISSUER_DOCUMENT_INVALID',
      `${url.href} is compressed although that was not asked for`,
    );
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer.body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BYTES) {
      throw new IssuerError('ISSUER_DOCUMENT_INVALID', `${url.href} is over ${MAX_BYTES} bytes`);
    }
    parts.push(part);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)));
  } catch (error) {
    throw new IssuerError('ISSUER_DOCUMENT_INVALID', `${url.href} is not JSON`, { cause: error });
  }
}

const OUT_OF_REACH = 'OUT_OF_REACH';

/** Looks up a name and fails when any of its addresses is out of reach: with some of them the answer would be luck. */
function guardedLookup(lookupAll: LookupAll, reach: Reach): LookupFunction {
  return (host, options, done) => {
    lookupAll(host, (error, found) => {
      const [first] = found;
      if (error !== null) {
        done(error, '');
      } else if (first === undefined || found.some(({ address }) => !isWithinReach(address, reach))) {
        done(Object.assign(new Error('Address is out of reach'), { code: OUT_OF_REACH }), '');
      } else if (options.all === true) {
        done(null, [...found]);
      } else {
        done(null, first.address, first.family);
      }
    });
  };
}

function isRefusedAddress(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === OUT_OF_REACH;
}

function refusedAddress(url: URL): IssuerError {
  return new IssuerError('ISSUER_ADDRESS_REFUSED', `${url.origin} leads to an address that is not asked`);
}
