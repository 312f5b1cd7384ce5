import type { GateReply } from '@smcp/gateway';
import type { JsonObject } from '@smcp/protocol';
import { printError } from '../../errors/print-error.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { oneLine } from '../../output/printable.ts';
import type { Output } from '../../output/output.ts';
import { resultText } from './result-text.ts';

/**
 * Prints what came of a call: the tool's result on standard output, or the reason why there is none.
 *
 * @param call What was called, for messages.
 * @param diagnosis What the server said when it could not be reached.
 */
export async function printReply(
  out: Output,
  reply: GateReply,
  call: string,
  diagnosis: string,
): Promise<ExitCode> {
  if (!reply.ok) return await printRefusal(out, reply, call, diagnosis);
  const { message } = reply;
  if ('error' in message) {
    const { code, message: reason } = message.error;
    return await printError(out, {
      exit: EXIT.failure,
      code: 'RPC_ERROR',
      message: `The server refused ${oneLine(call)}: ${oneLine(reason, 500)} (${code})`,
      details: { rpc: message.error },
    });
  }
  const { result } = message;
  const failed = result['isError'] === true;
  await out.result(result, () => resultText(result));
  if (failed) out.note(out.styleError('red', `The tool ${oneLine(call)} says that it failed`));
  return failed ? EXIT.failure : EXIT.ok;
}

async function printRefusal(
  out: Output,
  reply: Extract<GateReply, { readonly ok: false }>,
  what: string,
  diagnosis: string,
): Promise<ExitCode> {
  const { code, message, call, decision, retryAfterMs } = reply;
  const details: JsonObject & Record<string, unknown> = {
    call,
    ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
  };
  if (code === 'DENIED') {
    // Whoever runs this can read the policy, so the reasons are no secret.
    const reasons = decision?.reasons.join('\n') ?? '';
    const denied = `Denied: ${oneLine(what)}\n${reasons}`;
    return await printError(out, {
      exit: EXIT.denied,
      code,
      message: denied.trim(),
      details: { ...details, decision },
    });
  }
  const said = diagnosis === '' ? '' : `\nIt said:\n${diagnosis}`;
  const exit = code === 'APPROVAL_REQUIRED' || code === 'NOT_APPROVED' ? EXIT.denied : EXIT.failure;
  return await printError(out, { exit, code, message: `${message}${said}`, details });
}
