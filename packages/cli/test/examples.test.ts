import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { ConfigError, loadConfig, type FileReading, type LoadedConfig } from '@smcp/gateway';
import { compilePolicy, decide } from '@smcp/policy';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { Cli } from '../src/cli/cli.ts';
import { processIo } from '../src/cli/io.ts';
import { createProgram } from '../src/program.ts';
import {
  anchors,
  codeBlocks,
  filesIn,
  linkTargets,
  readPage,
  readPages,
  ROOT,
  type CodeBlock,
  type Page,
} from './markdown.ts';

const pages = await readPages();
const examples = await filesIn('examples', 'smcp.yaml');

/** A value of the right form for a variable, a secret or a file that an example names; different for each name. */
function dummy(name: string): string {
  const filler = name
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .padEnd(43, 'x')
    .slice(0, 43);
  if (name.endsWith('CODE_HASH')) return `sha256:${'0'.repeat(64)}`;
  if (name.endsWith('PUBLIC_KEY')) return filler;
  if (/(?:PLANNER|WORKER|BOT)_?TOKEN|bot$/i.test(name)) return `smcp_agent_${filler}`;
  return `smcp_key_${filler}`;
}

/** Loads a configuration text as if everything that it refers to were there. */
async function load(text: string): Promise<LoadedConfig> {
  const names = [...text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)(?=\})/g)].map((match) => match[1] ?? '');
  const file = join(ROOT, 'smcp.yaml');
  return await loadConfig({
    file,
    env: Object.fromEntries(names.map((name) => [name, dummy(name)])),
    secret: async (name) => dummy(name),
    readFile: async (path): Promise<FileReading> => ({ ok: true, text: path === file ? text : dummy(path) }),
    git: async () => undefined,
    now: () => Date.parse('2026-11-20T12:00:00Z'),
  });
}

describe('the examples', () => {
  it.each(examples)('%s loads without a warning, and its policy compiles', async (path) => {
    const { config, policy, warnings } = await load(await readFile(join(ROOT, path), 'utf8'));

    expect(warnings).toEqual([]);
    expect(compilePolicy(policy).roleNames.length).toBeGreaterThan(0);
    expect(Object.keys(config.servers).length).toBeGreaterThan(0);
  });

  it('are looked at closely: one with a misspelt key is refused', async () => {
    const text = await readFile(join(ROOT, 'examples/team/smcp.yaml'), 'utf8');

    await expect(load(text.replace('roles:', 'rolls:'))).rejects.toThrow(ConfigError);
  });

  it('the team example lets an intern read Slack and not push to GitHub [S1-11]', async () => {
    const { policy } = await load(await readFile(join(ROOT, 'examples/team/smcp.yaml'), 'utf8'));
    const sam = { id: 'key:sam', kind: 'key', tenant: 'default', roles: ['intern'] } as const;
    const effect = (server: string, name: string): string =>
      decide(compilePolicy(policy), sam, { kind: 'tool', server, name }, { arguments: {} }).effect;

    expect(effect('slack', 'read_messages')).toBe('allow');
    expect(effect('slack', 'post_message')).toBe('deny');
    expect(effect('github', 'push_files')).toBe('deny');
    expect(effect('github', 'list_issues')).toBe('allow');
  });
});

const isConfiguration = ({ language, text }: CodeBlock): boolean =>
  language === 'yaml' &&
  /^(?:#.*\n)*(?:servers|roles|api_keys|agents|limits|sessions|policy|audit|telemetry|listen|http):/.test(
    text,
  );
const snippets = pages.flatMap((page) =>
  codeBlocks(page)
    .filter(isConfiguration)
    .map((block) => ({ where: `${page.path}:${block.line}`, text: block.text })),
);

describe('the documents', () => {
  it('have configurations to show', () => {
    expect(snippets.length).toBeGreaterThan(20);
  });

  it.each(snippets)('$where shows a configuration that loads', async ({ text }) => {
    const { policy } = await load(text);

    expect(() => compilePolicy(policy)).not.toThrow();
  });

  it.each(pages)('$path has no dead link', (page) => {
    const dead = linkTargets(page).filter((target) => !isExternal(target) && !leadsSomewhere(page, target));

    expect(dead).toEqual([]);
  });

  it('linkTargets() finds a link that leads nowhere', () => {
    const page: Page = {
      path: 'docs/page.md',
      text: '[a](missing.md) `[b](code.md)` [c](README.md#nothing)\n```\n[d](fence.md)\n```\n',
    };

    expect(linkTargets(page).filter((target) => !leadsSomewhere(page, target))).toEqual([
      'missing.md',
      'README.md#nothing',
    ]);
  });

  it('are all listed in the index', async () => {
    const index = await readPage('docs/README.md');
    const listed = new Set(linkTargets(index));
    const missing = pages
      .map(({ path }) => /^docs\/([a-z-]+\.md)$/.exec(path)?.[1])
      .filter((name) => name !== undefined && !listed.has(name));

    expect(missing).toEqual([]);
  });

  it('the notes and decisions are all listed in the index of the design', async () => {
    const listed = new Set(linkTargets(await readPage('docs/design/README.md')));
    const missing = pages
      .map(({ path }) => /^docs\/design\/(.+\/.+\.md)$/.exec(path)?.[1])
      .filter((name) => name !== undefined && !listed.has(name));

    expect(missing).toEqual([]);
  });
});

describe('docs/cli.md', async () => {
  const { text } = await readPage('docs/cli.md');
  const sections = new Map(
    text
      .split(/^### /m)
      .slice(1)
      .map((section) => [/^`([^`]+)`/.exec(section)?.[1] ?? '', section]),
  );
  const commands = leaves(
    createProgram(new Cli(processIo()), () => undefined),
    'smcp',
  );

  it.each(commands)('has $usage with all its options', ({ usage, options }) => {
    const section = sections.get(usage) ?? '';

    expect(section).not.toBe('');
    expect(options.filter((flags) => !section.includes(`\`${flags}\``))).toEqual([]);
  });

  it('has no command that does not exist', () => {
    expect([...sections.keys()].toSorted()).toEqual(commands.map(({ usage }) => usage).toSorted());
  });
});

describe('docs/dependencies.md', async () => {
  const { text } = await readPage('docs/dependencies.md');
  const manifests = await Promise.all(
    ['protocol', 'policy', 'gateway', 'cli'].map(
      async (name) => await readFile(join(ROOT, 'packages', name, 'package.json'), 'utf8'),
    ),
  );
  const dependencies = manifests.map(
    (manifest) =>
      (JSON.parse(manifest) as { readonly dependencies?: Record<string, string> }).dependencies ?? {},
  );
  const names = new Set(
    dependencies.flatMap((each) => Object.keys(each)).filter((name) => !name.startsWith('@smcp/')),
  );

  it.each([...names])('says why %s is there', (name) => {
    const short = name.replace(/^@(?:opentelemetry|modelcontextprotocol)\//, '');

    expect(text.includes(`\`${name}\``) || text.includes(`\`${short}\``)).toBe(true);
  });
});

function isExternal(target: string): boolean {
  return /^[a-z]+:/.test(target);
}

function leadsSomewhere({ path, text }: Page, target: string): boolean {
  const [file = '', anchor] = target.split('#', 2);
  const wanted = file === '' ? path : normalize(join(dirname(path), file));
  if (!existsSync(join(ROOT, wanted))) return false;
  if (anchor === undefined) return true;
  const page = file === '' ? { path, text } : pages.find((each) => each.path === wanted);
  return page !== undefined && anchors(page).has(anchor);
}

interface Leaf {
  readonly usage: string;
  readonly options: readonly string[];
}

/** The commands that do something, with their arguments as the help shows them. */
function leaves(command: Command, path: string): readonly Leaf[] {
  return command.commands.flatMap((below) => {
    const name = `${path} ${below.name()}`;
    if (below.commands.length > 0) return leaves(below, name);
    const args = below.registeredArguments.map((argument) =>
      argument.required ? ` <${argument.name()}>` : ` [${argument.name()}]`,
    );
    return [{ usage: name + args.join(''), options: below.options.map(({ flags }) => flags) }];
  });
}
