/** Scripts as models write them, in which nothing is wrong. */
export const GOOD_SCRIPTS: Readonly<Record<string, string>> = {
  'one call': `return await github.listIssues({ owner: 'acme', state: 'open' });`,
  'filter and map': `const { items } = await github.listIssues({ owner: 'acme' });
const bugs = items.filter((issue) => issue.labels.includes('bug'));
return bugs.map(({ id, title }) => ({ id, title: title.toUpperCase() }));`,
  'calls at the same time': `const [issues, tickets] = await Promise.all([
  github.listIssues({ owner: 'acme' }),
  jira.search({ jql: 'project = API', limit: 5 }),
]);
return issues.items.length + tickets.length;`,
  'one call for each': `const { items } = await github.listIssues({ owner: 'a' });
await Promise.all(items.map((issue) => jira.transition({ key: \`API-\${issue.id}\`, to: 'done' })));`,
  'settled calls': `const all = await Promise.allSettled(['a', 'b'].map((owner) => github.listIssues({ owner })));
const good = all.filter((one) => one.status === 'fulfilled').map((one) => one.value.items.length);
return good.reduce((sum, n) => sum + n, 0);`,
  'a list that is filled': `const found = [];
for (const owner of ['a', 'b']) {
  const { items } = await github.listIssues({ owner });
  for (const issue of items) found.push({ owner, ...issue });
}
return found.map((one) => one.title);`,
  'a list that a callback fills': `const titles = [];
(await github.listIssues({ owner: 'a' })).items.forEach((issue) => { titles.push(issue.title); });
return titles.join(', ');`,
  'a record that counts': `const counts = {};
for (const { author } of (await github.listIssues({ owner: 'a' })).items) {
  const who = author?.login ?? 'nobody';
  counts[who] = (counts[who] || 0) + 1;
}
return Object.entries(counts);`,
  'parameters without types': `function total(list, pick) { return list.reduce((sum, one) => sum + pick(one), 0); }
const double = (n) => n * 2;
return double(total(await jira.search({ jql: 'x' }), (ticket) => ticket.points ?? 0));`,
  'a caught error': `try {
  await github.createIssue({ owner: 'a', title: 't' });
} catch (error) {
  console.error(error.message);
  if (error instanceof ToolError) return error.code;
}`,
  'an error with a type': `try { await jira.anything({}); } catch (e: any) { return e.code; } finally { console.log('done'); }`,
  'a cursor': `let next: string | undefined;
let pages = 0;
do {
  const page = await github.listIssues({ owner: 'a' });
  next = page.next;
  pages += 1;
} while (next && pages < 10);
return pages;`,
  'variables without a value': `let best;
for (const ticket of await jira.search({ jql: 'x' })) {
  if (!best || (ticket.points ?? 0) > (best.points ?? 0)) best = ticket;
}
return best?.key;`,
  'a map of sets': `const byLabel = new Map<string, Set<number>>();
for (const { id, labels } of (await github.listIssues({ owner: 'a' })).items) {
  for (const label of labels) (byLabel.get(label) ?? byLabel.set(label, new Set()).get(label)!).add(id);
}
return [...byLabel].map(([label, ids]) => [label, ids.size]);`,
  'groups, sets and iterators': `const { items } = await github.listIssues({ owner: 'a' });
const groups = Object.groupBy(items, (issue) => issue.author?.login ?? '-');
const both = new Set([1, 2]).union(new Set([2, 3]));
return { groups, both: [...both], first: items.values().take(2).toArray(), all: await Array.fromAsync([1]) };`,
  'types of its own': `interface Row { key: string; points: number }
type Rows = readonly Row[];
enum Size { Small, Large = 8 }
const rows: Rows = (await jira.search({ jql: 'x' })).map(({ key, points }) => ({ key, points: points ?? Size.Small }));
return rows.filter((row) => row.points >= Size.Large);`,
  'types of the server': `const describe = (issue: github.Issue): string => \`\${issue.id}: \${issue.title}\`;
return (await github.listIssues({ owner: 'a' })).items.map(describe);`,
  generics: `async function retry<T>(action: () => Promise<T>, times = 3): Promise<T> {
  for (let left = times; ; left--) {
    try { return await action(); } catch (error) { if (left <= 1) throw error; }
  }
}
const page = await retry(() => github.listIssues({ owner: 'a' }));
return page.items[0].title;`,
  'a class': `class Report {
  lines: string[] = [];
  readonly title;
  constructor(title: string) { this.title = title; }
  add(line: string) { this.lines.push(line); return this; }
}
return new Report('x').add('y').lines;`,
  'a generator': `async function* pages() { for (const owner of ['a', 'b']) yield github.listIssues({ owner }); }
for await (const page of pages()) console.log(page.items.length);`,
  'the value of a last expression': `const { items } = await github.listIssues({ owner: 'a' });
items.length`,
  'a function expression': `async () => {
  const { items } = await github.listIssues({ owner: 'a' });
  return items.length;
}`,
  'a function without a name': `async function () {
  return (await github.listIssues({ owner: 'a' })).items;
}`,
  'a function without a name after comments': `// Counts.
/* Really. */ function () { return 1; }`,
  'a named function': `async function main() { return jira.search({ jql: 'x' }); }`,
  'a function that is called': `(async () => { console.log(await jira.search({ jql: 'x' })); })();`,
  'raw results': `const result = await github.listIssues.raw({ owner: 'a' });
return result.isError ? undefined : result.content[0]?.text;`,
  'the raw name of a tool': `return (await github['list-issues']({ owner: 'a' })).items;`,
  'the dynamic call': `const hits = await searchToolDocs('issues', { limit: 1 });
const result = await call(hits[0].server, hits[0].tool, { owner: 'a' });
return result.whatever.it.has;`,
  'results of any type': `const data = await jira.anything({ x: [1, { y: null }] });
return data.rows.map((row) => row.name);`,
  JSON: `const parsed = JSON.parse('{"a": 1}');
return JSON.stringify({ ...parsed, b: parsed.a }, null, 2);`,
  'names of globals of its own': `const call = 1; const jira = { mine: call }; const process = jira.mine; return process;`,
  'a line to run it with': `#!/usr/bin/env -S smcp run
return 1;`,
  'carriage returns': `const a = 1;\r\nconst b = a;\r\nreturn b;\r\n`,
  nothing: '',
  'only a comment': '// later',
  'code after the end': `return 1;\nconst never = await github.listIssues({ owner: 'a' });`,
  narrowing: `const page = await github.listIssues({ owner: 'a' });
const last = page.items.at(-1);
if (last === undefined) return null;
return last.closedAt !== undefined ? new Date(last.closedAt).getTime() : last.author?.login;`,
};

/** The same in plain JavaScript, which is read with less rigour. */
export const GOOD_JAVASCRIPT: Readonly<Record<string, string>> = {
  'objects that grow': `const report = {};
report.total = (await github.listIssues({ owner: 'a' })).items.length;
return report;`,
  'what may be missing': `const { items } = await github.listIssues({ owner: 'a' });
return items.find((issue) => issue.id === 1).author.login;`,
  'types in comments': `/** @param {string} key */
function done(key) { return jira.transition({ key, to: 'done' }); }
return done('API-1');`,
  'parameters that are left out': `function join(a, b) { return b === undefined ? a : a + b; }
return join('x');`,
  'a list of anything': `const list = []; list.push(1); list.push('a'); return list;`,
};
