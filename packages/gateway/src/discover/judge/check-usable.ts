import { formatPath } from '../../config/config-node.ts';
import { ConfigError } from '../../config/problems.ts';
import { loadRaw } from '../config-from-discovered.ts';
import { toRawServer, type RawServerParts } from '../raw-config.ts';

/** Why our configuration refuses a server, in words that quote no secret; undefined when it takes it. Each is tried alone, so that one cannot spoil the others. */
export async function ifUnusable(
  name: string,
  server: RawServerParts,
  folder: string,
): Promise<string | undefined> {
  try {
    await loadRaw({ servers: { [name]: toRawServer(server, {}) } }, folder);
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [problem] = error.problems;
    const above = formatPath(['servers', name]);
    return problem === undefined
      ? 'the configuration refuses it'
      : `${problem.path.slice(above.length).replace(/^\./, '')}: ${problem.message}`;
  }
}
