import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declarationText, MARK, TSCONFIG } from '../../../src/commands/types/declaration-text.ts';
import type { ListedServer } from '../../../src/commands/types/listed-tools.ts';
import { declarationFile, writeDeclarations } from '../../../src/commands/types/declaration-file.ts';
import { readFile, readdir } from 'node:fs/promises';

const echo = {
  name: 'echo-it',
  title: undefined,
  description: 'Echoes',
  inputSchema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
  outputSchema: undefined,
  annotations: undefined,
};

const text = (servers: readonly ListedServer[], names = servers.map(({ name }) => name)): string =>
  declarationText({ names, servers });

describe('declarationText()', () => {
  it('begins with the mark of its own files, and tells how an editor uses it', () => {
    const lines = text([]).split('\n');
    expect(lines[0]).toBe(MARK);
    expect(text([])).toContain(JSON.stringify(TSCONFIG));
    expect(text([])).toContain('/// <reference path="./smcp.d.ts" />');
  });

  it('declares the helpers and every tool of a server', () => {
    const declared = text([{ name: 'my server', tools: [echo] }]);
    expect(declared).toContain('listServers');
    expect(declared).toContain('declare namespace myServer {');
    expect(declared).toContain('readonly echoIt: ToolFunction<EchoItArgs, EchoItResult>;');
  });

  it('lets scripts call anything of a server that did not answer', () => {
    const declared = text([{ name: 'down', tools: undefined, problem: 'exit code 77' }]);
    expect(declared).toContain('declare const down: LooseServer;');
    expect(declared).not.toContain('exit code 77');
  });

  it('gives a server the name that it has beside all others, also when they are left out', () => {
    const names = ['a-b', 'a_b', 'aB'];
    const declared = text([{ name: 'a-b', tools: [] }], names);
    const whole = text(
      names.map((name) => ({ name, tools: [] })),
      names,
    );
    const [line = ''] = /declare namespace \S+/.exec(declared) ?? [];
    expect(whole).toContain(line);
    expect(line).not.toBe('declare namespace aB');
  });
});

interface Place extends AsyncDisposable {
  file(name: string): string;
}

async function makePlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-types-'));
  return {
    file: (name) => join(folder, name),
    [Symbol.asyncDispose]: async () => {
      await rm(folder, { recursive: true });
    },
  };
}

describe('declarationFile()', () => {
  it('takes a folder for where smcp.d.ts stands, and all else for the file', async () => {
    await using place = await makePlace();
    expect(declarationFile(place.file('.'))).toBe(place.file('smcp.d.ts'));
    expect(declarationFile(`${place.file('new')}/`)).toBe(place.file('new/smcp.d.ts'));
    expect(declarationFile(place.file('types.d.ts'))).toBe(place.file('types.d.ts'));
  });
});

describe('writeDeclarations()', () => {
  const options = { force: false };

  it('writes a new file, and over one of its own', async () => {
    await using place = await makePlace();
    const file = place.file('smcp.d.ts');
    await writeDeclarations(file, `${MARK}\nold`, options);
    await writeDeclarations(file, `${MARK}\nnew`, options);
    expect(await readFile(file, 'utf8')).toBe(`${MARK}\nnew`);
    expect(await readdir(place.file('.'))).toEqual(['smcp.d.ts']);
  });

  it.each([
    ['of somebody else', 'export {};'],
    ['that is empty', ''],
    ['that has the mark elsewhere', `\n${MARK}`],
  ])('leaves a file %s as it is', async (_, content) => {
    await using place = await makePlace();
    const file = place.file('index.d.ts');
    await writeFile(file, content);
    await expect(writeDeclarations(file, MARK, options)).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(await readFile(file, 'utf8')).toBe(content);
  });

  it('writes over any file when forced', async () => {
    await using place = await makePlace();
    const file = place.file('index.d.ts');
    await writeFile(file, 'export {};');
    await writeDeclarations(file, MARK, { force: true });
    expect(await readFile(file, 'utf8')).toBe(MARK);
  });

  it('refuses a folder that does not exist', async () => {
    await using place = await makePlace();
    await expect(writeDeclarations(place.file('no/smcp.d.ts'), MARK, options)).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
    });
  });
});
