import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { discoverServers, type Discovery, type Places } from '../../src/discover/index.ts';

/** A home folder and a project in it, with a repository so that the project has an end. */
export interface Stage extends AsyncDisposable {
  readonly home: string;
  readonly project: string;
  /** Absolute path of a file below the home folder. */
  file(name: string): string;
  /** Writes a file below the home folder; what is no text is written as JSON. */
  write(name: string, content: string | Uint8Array | object): Promise<string>;
  link(target: string, name: string): Promise<void>;
  /** Places on Linux with the project as working folder. */
  places(changes?: Partial<Places>): Places;
  discover(changes?: Partial<Places>): Promise<Discovery>;
}

export async function makeStage(): Promise<Stage> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'smcp-discover-')));
  const project = join(home, 'work', 'project');
  await mkdir(join(project, '.git'), { recursive: true });
  const file = (name: string): string => join(home, name);
  const places = (changes: Partial<Places> = {}): Places => ({
    home,
    cwd: project,
    env: {},
    platform: 'linux',
    ...changes,
  });
  return {
    home,
    project,
    file,
    places,
    write: async (name, content) => {
      const isRaw = typeof content === 'string' || content instanceof Uint8Array;
      await mkdir(dirname(file(name)), { recursive: true });
      await writeFile(file(name), isRaw ? content : JSON.stringify(content, null, 2));
      return file(name);
    },
    link: async (target, name) => {
      await mkdir(dirname(file(name)), { recursive: true });
      await symlink(target, file(name));
    },
    discover: async (changes) => await discoverServers(places(changes)),
    [Symbol.asyncDispose]: async () => {
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** What can be compared of a discovery: names with their revealed specs, and names with the code of the reason. */
export function essence({ found, skipped, problems }: Discovery) {
  return {
    found: Object.fromEntries(found.map((server) => [server.name, plainSpec(server.spec)])),
    skipped: skipped.map(({ name, code }) => [name, code]),
    problems: problems.map(({ message }) => message),
  };
}

export function plainSpec(spec: Discovery['found'][number]['spec']) {
  if (spec.kind === 'url') {
    const headers = spec.headers.reveal();
    return {
      url: spec.url,
      transport: spec.transport,
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
    };
  }
  const env = spec.env.reveal();
  return {
    command: [spec.command, ...spec.args],
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
  };
}
