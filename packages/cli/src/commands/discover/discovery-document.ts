import type { Discovery } from '@smcp/gateway';

/** A discovery for machines. Commands and addresses are as people are shown them; of variables and headers there are the names. */
export function discoveryDocument({ found, skipped, problems }: Discovery): object {
  return {
    servers: found.map(({ name, spec, shown, origins, description, tools, notes }) => ({
      name,
      kind: spec.kind === 'command' ? 'stdio' : spec.transport === 'sse' ? 'sse' : 'http',
      how: shown,
      ...(spec.kind === 'command'
        ? { env: Object.keys(spec.env.reveal()), ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }) }
        : { headers: Object.keys(spec.headers.reveal()) }),
      ...(description === undefined ? {} : { description }),
      ...(tools.only === undefined ? {} : { onlyTools: tools.only }),
      ...(tools.without.length === 0 ? {} : { withoutTools: tools.without }),
      origins,
      notes,
    })),
    skipped,
    problems,
  };
}
