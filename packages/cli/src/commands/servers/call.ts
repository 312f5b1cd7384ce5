import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { GateReply, LoadedConfig } from '@smcp/gateway';
import type { Principal } from '@smcp/policy';
import { readJson, type JsonDocument } from '@smcp/protocol';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { interruptSignal } from '../../cli/interrupt.ts';
import { configOption, type ConfigOption } from '../../configuration/config-option.ts';
import { loadFull } from '../../configuration/load.ts';
import { namedPrincipal, type WhoOptions } from '../../configuration/principals.ts';
import { readToolArguments } from '../../input/tool-arguments.ts';
import { createCaller, credentialOption, type CredentialOption } from '../../reach/caller.ts';
import { openLocalGate } from '../../reach/local-gate.ts';
import { unknownServer } from '../../reach/open-reach.ts';
import { printReply } from './print-reply.ts';

interface Options extends ConfigOption, CredentialOption, WhoOptions {
  readonly args: string;
}

/** `smcp servers call`: one tool call through the gate, for one of the roles or principals that callers have. */
export function serversCallCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'call',
    'call one tool through the gate',
    async ({ args: [server = '', tool = ''], options }) => {
      const loaded = await loadFull(cli, options.config);
      const principal = await namedPrincipal(cli, loaded, options);
      if (loaded.config.servers[server]?.enabled !== true) throw unknownServer(server, loaded);
      const args = await readToolArguments(options.args, cli);
      const caller = createCaller(cli, principal, options);
      using interrupt = interruptSignal();
      await using local = await openLocalGate(cli, loaded);
      // The records of the call name the principal that was decided for; this one says who stood behind it.
      await local.note('cli.call', { as: principal.id, roles: principal.roles, user: userName() });
      const reply = await local.gate.call({
        caller,
        door: 'cli',
        action: { kind: 'tool', server, name: tool },
        method: 'tools/call',
        document: toRequest(tool, args, loaded),
        signal: interrupt.signal,
      });
      return await printReply(
        cli.out,
        reply,
        describeCall(server, tool, principal),
        failureDetail(local.reach.diagnosis(server), reply),
      );
    },
  )
    .argument('<server>', 'name of a configured server')
    .argument('<tool>', 'name of the tool, as the server knows it')
    .option('--args <json>', 'arguments: a JSON object, @FILE, or - for standard input', '{}')
    .option('--role <role...>', 'call in these roles')
    .option('--principal <id>', 'call as this principal, such as key:alice')
    .addOption(configOption())
    .addOption(credentialOption())
    .addHelpText(
      'after',
      `
The call is decided, limited and recorded like any other; the audit log has it under the door "cli".
${examples(
  `smcp servers call everything echo --args '{"message":"hi"}' --role developer`,
  'smcp servers call files read_file --args @args.json --principal key:alice --json',
)}`,
    );
}

/** The message as a client would send it; the arguments travel exactly as they were written. */
function toRequest(tool: string, args: JsonDocument, { config }: LoadedConfig): JsonDocument {
  const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":${JSON.stringify(tool)},"arguments":${args.text.trim()}}}`;
  const { max_json_depth: maxDepth, max_json_nodes: maxNodes, max_body_bytes: maxLength } = config.http;
  return readJson(text, { maxLength, maxDepth, maxNodes });
}

function describeCall(server: string, tool: string, principal: Principal): string {
  const who = principal.kind === 'operator' ? `the role ${principal.roles.join(', ')}` : principal.id;
  return `${server}:${tool} for ${who}`;
}

function failureDetail(diagnosis: string, reply: GateReply): string {
  return !reply.ok && reply.code === 'UNAVAILABLE' ? diagnosis : '';
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user without a name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
