/** Programs of this product, by which an entry would lead back into it. */
const OWN_NAMES: ReadonlySet<string> = new Set(['smcp', 'smcp-gateway']);
const OWN_PACKAGE = /^(?:npm:)?(?:@smcp\/[\w.-]+|smcp)(?:@[\w.^~*-]+)?$/i;
const OWN_IMAGE = /^(?:[a-z0-9][\w.-]*(?::\d+)?\/)*smcp(?:-gateway)?(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?$/i;

/** Programs that run a package, a script, an image or another command named in their arguments. */
const PACKAGE_RUNNERS: ReadonlySet<string> = new Set(words('npx bunx pnpx pnpm yarn npm bun deno'));
const SUBCOMMANDS: ReadonlySet<string> = new Set(words('exec x dlx run'));
const SCRIPT_RUNNERS: ReadonlySet<string> = new Set(words('node bun deno tsx ts-node nodemon'));
const CONTAINER_RUNNERS: ReadonlySet<string> = new Set(words('docker podman nerdctl'));
const SHELLS: ReadonlySet<string> = new Set(words('sh bash zsh dash fish cmd powershell pwsh wsl'));
const WRAPPERS: ReadonlySet<string> = new Set(
  words('env nice nohup sudo timeout exec command mise volta dotenv op doppler stdbuf setsid time'),
);

const MAX_WORDS = 1000;
const MAX_DEPTH = 4;

/**
 * Whether a command starts this program, directly or through a runner, a shell or a container. A wrapper of the user's own cannot be seen through; what
 * is missed here finds nothing to start once it runs, because the environment tells it where it is.
 */
export function isOwnServer(command: string, args: readonly string[]): boolean {
  return leadsToUs([command, ...args].slice(0, MAX_WORDS), 0);
}

function leadsToUs([program = '', ...args]: readonly string[], depth: number): boolean {
  const name = programName(program);
  if (OWN_NAMES.has(name)) return true;
  if (depth >= MAX_DEPTH) return false;
  const inner = (line: readonly string[]): boolean => leadsToUs(line, depth + 1);
  if (/\s/.test(program.trim())) return inner([...words(program), ...args]);
  if (PACKAGE_RUNNERS.has(name) && packagesOf(args).some((named) => OWN_PACKAGE.test(named))) return true;
  if (SCRIPT_RUNNERS.has(name) && args.some(isOwnScript)) return true;
  if (CONTAINER_RUNNERS.has(name)) return args.some((arg) => OWN_IMAGE.test(arg));
  if (SHELLS.has(name)) return shellLines(args).some(inner);
  return WRAPPERS.has(name) && inner(wrappedLine(args));
}

/** `/usr/bin/smcp`, `C:\bin\smcp.CMD` and `smcp` have one name. */
function programName(program: string): string {
  const base = program.trim().split(/[/\\]/).at(-1) ?? '';
  return base.toLowerCase().replace(/\.(?:exe|cmd|bat|ps1|sh|[cm]?js|ts)$/, '');
}

/** Options of runners whose value is the next word. */
const VALUE_OPTIONS: ReadonlySet<string> = new Set([
  '--prefix',
  '--cache',
  '--registry',
  '--userconfig',
  '--loglevel',
  '-w',
  '--workspace',
  '-C',
]);

/** What a runner is asked for with `--package`, and its first operand; later ones are arguments of what it runs. */
function packagesOf(args: readonly string[]): readonly string[] {
  const asked: string[] = [];
  for (const [index, arg] of args.entries()) {
    if (arg.startsWith('--package=')) asked.push(arg.slice('--package='.length));
    const before = args[index - 1] ?? '';
    if (['-p', '--package'].includes(before)) asked.push(arg);
    else if (VALUE_OPTIONS.has(before)) continue;
    else if (!arg.startsWith('-') && !arg.includes('://') && !SUBCOMMANDS.has(arg)) return [...asked, arg];
  }
  return asked;
}

/** A file called like one of our programs; a bare word could be an argument of somebody else's script. */
function isOwnScript(arg: string): boolean {
  return /\.(?:[cm]?js|ts)$/i.test(arg)
    ? OWN_NAMES.has(programName(arg))
    : /[/\\]\.bin[/\\]smcp(?:-gateway)?$/i.test(arg);
}

/** The commands of a shell's arguments, near enough. */
function shellLines(args: readonly string[]): readonly (readonly string[])[] {
  const operands = args.filter(
    (arg, index) => !/^(?:-.*|\/[a-z])$/i.test(arg) || args.slice(0, index).includes('--'),
  );
  const [first = '', ...rest] = operands;
  const lines = /\s/.test(first) ? [first, ...rest] : [operands.join(' ')];
  return lines
    .flatMap((line) => line.split(/[;&|()\n]+/))
    .map((line) => words(line.replaceAll(/["'`]/g, ' ')));
}

/** What comes after the wrapper's own flags, numbers and variables, or after `--`. */
function wrappedLine(args: readonly string[]): readonly string[] {
  const dashes = args.indexOf('--');
  if (dashes !== -1) return args.slice(dashes + 1);
  const start = args.findIndex(
    (arg, index) => !/^(?:-.*|\d+[smh]?|\w+=.*|run)$/s.test(arg) && !/^-[ugpCD]$/.test(args[index - 1] ?? ''),
  );
  return start === -1 ? [] : args.slice(start);
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
