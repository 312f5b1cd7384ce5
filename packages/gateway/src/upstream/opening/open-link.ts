import type { Link } from '../link.ts';
import type { UpstreamSpec } from '../upstream-spec.ts';
import { openHttp } from './open-http.ts';
import { openStdio } from './open-stdio.ts';
import type { OpenOptions } from './open-options.ts';

/**
 * Starts or reaches a server, in whichever era it speaks. What was started is ended again when that fails.
 *
 * @throws {UpstreamError} The server could not be reached or refused us.
 */
export async function openLink(spec: UpstreamSpec, options: OpenOptions): Promise<Link> {
  return spec.kind === 'stdio' ? await openStdio(spec, options) : await openHttp(spec, options);
}
