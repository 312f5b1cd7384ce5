import type { CodeModeSettings } from '../settings.ts';

/** The manual that a script can print: the same text for everybody and whatever is configured, but for the bounds in it. At most 1,000 characters. */
export function capabilitySummary(
  settings: Pick<CodeModeSettings, 'limits' | 'timeoutSeconds' | 'maxTimeoutSeconds'>,
): string {
  const { limits, timeoutSeconds, maxTimeoutSeconds } = settings;
  return `--- SCRIPT MANUAL ---
A script is the body of an async function: \`await\` and \`return\` work. snake_case names too.
FIND  discoveredServers({detailed:true}); await searchToolDocs('open issue',{limit:5}); await listTools('github');
  await queryToolDocs('github',{tool:'list_issues',detail:'full'}) (types); await describeServer('github')
CALL  await github.listIssues({owner:'a'}), github['list-issues'](args), or call(server,tool,args). In parallel: Promise.all.
  Results are unwrapped; failures throw ToolError (.code .server .tool). Raw result: github.listIssues.raw(args)
SESSION  argument session:'name' keeps variables and functions.
SAVE  await saveScript({name,description,code}) makes a tool, once approved.
PREVIEW  mode:'preview' reads, but lists every other call instead of making it.
LIMITS  ${timeoutSeconds} s (timeout up to ${maxTimeoutSeconds}), ${Math.round(limits.heapBytes / MIB)} MiB, ${limits.calls} calls, ${limits.parallelCalls} at once. No fetch, require, process, import. Print or return only what you need.
`;
}

const MIB = 1024 * 1024;
