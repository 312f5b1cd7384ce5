/** What a model asks first, when all it knows is that there is one tool. */
export const FIND_SCRIPT = `const wanted = ['list the files of a folder', 'read a text file', 'remember new entities', 'echo a message'];
const found = await Promise.all(wanted.map((what) => searchToolDocs(what, { limit: 2, detail: 'full' })));
return [...new Set(found.flat().map(({ declaration }) => declaration))].join('\\n');`;

/** One piece of work over three servers. */
export function workScript(folder: string): string {
  return `const FOLDER = ${JSON.stringify(folder)};
const names = String((await files.listDirectory({ path: FOLDER })).content).match(/week-\\d+\\.txt/g) ?? [];
const weeks = await Promise.all(names.map((name) => files.readTextFile({ path: \`\${FOLDER}/\${name}\` })));
const open = weeks.flatMap(({ content }) => [...content.matchAll(/([\\d.]+) EUR {2}open/g)].map(([, amount]) => Number(amount)));
const sum = open.reduce((total, amount) => total + amount, 0).toFixed(2);
await memory.createEntities({ entities: [{ name: 'open orders', entityType: 'figure', observations: [\`\${open.length}, \${sum} EUR\`] }] });
await everything.echo({ message: \`\${open.length} orders over \${sum} EUR are open\` });
return { files: names.length, open: open.length, sum };`;
}

/** What somebody would try who has made the model write a script for them. */
export function attackScript(file: string): string {
  return `const out: any = globalThis;
const tried: Record<string, string> = {};
const attempt = async (what: string, work: () => unknown) => {
  try { await work(); tried[what] = 'went through'; } catch (error: any) { tried[what] = error.message; }
};
await attempt('change a file', () => call('files', 'edit_file', { path: ${JSON.stringify(file)}, edits: [{ oldText: 'Friday', newText: 'Monday' }] }));
await attempt('reach the network', () => out.fetch('http://127.0.0.1/'));
await attempt('start a process', () => out.process.getBuiltinModule('node:child_process').execSync('id'));
await attempt('leave the sandbox', () => out.console.log.constructor('return process')().exit());
return tried;`;
}

/** Wrong in a way that would only show after the first call. */
export const WRONG_SCRIPT = `const { content } = await files.readTextFile({ path: 'notes.txt' });
await memory.createEntities({ entities: content });
return content;`;
