import { execFile } from 'node:child_process';
import type { Finding } from './finding.ts';

type Env = Readonly<Record<string, string | undefined>>;

const TIMEOUT_MS = 5000;

interface Program {
  readonly what: string;
  readonly purpose: string;
  /** Commands that would do, best first; each must succeed and print what is shown. */
  readonly commands: readonly (readonly [string, ...string[]])[];
  readonly remedy: string;
}

const PROGRAMS: readonly Program[] = [
  {
    what: 'git',
    purpose: 'names the commit of a policy in every decision',
    commands: [['git', '--version']],
    remedy: 'install git with the package manager, such as: apt-get install git',
  },
  {
    what: 'container runtime',
    purpose: 'servers and scripts in containers',
    // Asking for the server tells a client without a running daemon apart.
    commands: [
      ['docker', 'version', '--format', 'docker {{.Server.Version}}'],
      ['podman', 'version', '--format', 'podman {{.Client.Version}}'],
    ],
    remedy: 'install Podman or Docker, start it, and let this user reach it, such as: apt-get install podman',
  },
  {
    what: 'bubblewrap',
    purpose: 'sandboxes for scripts and servers',
    commands: [['bwrap', '--version']],
    remedy: 'apt-get install bubblewrap',
  },
  {
    what: 'python3',
    purpose: 'Python scripts',
    commands: [['python3', '--version']],
    remedy: 'apt-get install python3',
  },
  {
    what: 'chromium',
    purpose: 'browser tests of the dashboard',
    commands: [
      ['chromium', '--version'],
      ['chromium-browser', '--version'],
      ['google-chrome', '--version'],
    ],
    remedy: 'apt-get install chromium',
  },
];

/** Programs that make more possible; the gateway works without any of them. */
export async function checkPrograms(env: Env): Promise<readonly Finding[]> {
  return await Promise.all(PROGRAMS.map(async (program) => await checkProgram(program, env)));
}

async function checkProgram({ what, purpose, commands, remedy }: Program, env: Env): Promise<Finding> {
  const about = { what, purpose, needed: false } as const;
  const outcomes: string[] = [];
  for (const command of commands) {
    const outcome = await runProgram(command, env);
    if (outcome.ok) return { ...about, status: 'ok', detail: outcome.said };
    if (outcome.present) outcomes.push(`${command[0]} is here but does not answer`);
  }
  return { ...about, status: 'missing', detail: outcomes[0] ?? 'not found on PATH', remedy };
}

function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  env: Env,
): Promise<{ readonly ok: true; readonly said: string } | { readonly ok: false; readonly present: boolean }> {
  // Programs on PATH get nothing of our environment but what finding themselves takes.
  const limited = Object.fromEntries(
    ['PATH', 'HOME', 'XDG_RUNTIME_DIR', 'DOCKER_HOST'].flatMap((name) =>
      env[name] === undefined ? [] : [[name, env[name]]],
    ),
  );
  return new Promise((resolve) => {
    execFile(program, args, { env: limited, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' }, (error, stdout) => {
      if (error === null) resolve({ ok: true, said: stdout.trim().split('\n')[0] ?? '' });
      else resolve({ ok: false, present: error.code !== 'ENOENT' });
    });
  });
}
