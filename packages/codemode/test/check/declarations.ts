import type { CheckRequest, DeclarationFile } from '../../src/check/check.ts';

/** Declarations such as scripts see: what is always there, and two servers. */
export const DECLARATIONS: readonly DeclarationFile[] = [
  {
    name: 'globals.d.ts',
    text: `interface CallToolResult { content: { type: string; text?: string }[]; isError?: boolean }
interface ToolFunction<A, R> { (args: A): Promise<R>; raw(args: A): Promise<CallToolResult> }
declare class ToolError extends Error { readonly server: string; readonly tool: string; readonly code?: string }
declare const console: { log(...data: unknown[]): void; error(...data: unknown[]): void };
declare function setTimeout(callback: () => void, delayMs?: number): number;
declare function call(server: string, tool: string, args?: object): Promise<any>;
declare function searchToolDocs(query: string, options?: { limit?: number }): Promise<{ server: string; tool: string }[]>;
`,
  },
  {
    name: 'github.d.ts',
    text: `declare namespace github {
  interface Issue {
    id: number;
    title: string;
    labels: string[];
    author: { login: string } | null;
    closedAt?: string;
  }
}
declare const github: {
  listIssues: ToolFunction<
    { owner: string; repo?: string; state?: 'open' | 'closed' },
    { items: github.Issue[]; next?: string }
  >;
  'list-issues': typeof github.listIssues;
  createIssue: ToolFunction<{ owner: string; title: string; labels?: string[] }, { id: number; url: string }>;
};
`,
  },
  {
    name: 'jira.d.ts',
    text: `declare const jira: {
  search: ToolFunction<{ jql: string; limit?: number }, { key: string; points: number | null }[]>;
  transition: ToolFunction<{ key: string; to: 'todo' | 'doing' | 'done' }, string>;
  anything: ToolFunction<Record<string, unknown>, any>;
};
`,
  },
];

export function request(code: string, more: Partial<CheckRequest> = {}): CheckRequest {
  return { code, language: 'typescript', name: 'script', declarations: DECLARATIONS, ...more };
}
