import type { ClientId } from '../discovery.ts';
import { readClaudeCode } from './claude-code.ts';
import { readClaudeDesktop } from './claude-desktop.ts';
import type { ReadClient } from './client.ts';
import { readCodex } from './codex.ts';
import { readCursor } from './cursor.ts';
import { readGeminiCli } from './gemini-cli.ts';
import { readOpenCode } from './opencode.ts';
import { readStandard } from './standard.ts';
import { readVsCode } from './vscode.ts';
import { readWindsurf } from './windsurf.ts';
import { readZed } from './zed.ts';

/** In the order in which clients win over each other. */
export const readClients: Readonly<Record<ClientId, ReadClient>> = {
  'claude-code': readClaudeCode,
  'claude-desktop': readClaudeDesktop,
  cursor: readCursor,
  vscode: readVsCode,
  windsurf: readWindsurf,
  codex: readCodex,
  'gemini-cli': readGeminiCli,
  opencode: readOpenCode,
  zed: readZed,
  standard: readStandard,
};
