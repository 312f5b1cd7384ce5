import { RPC_ERRORS, type JsonObject } from '@smcp/protocol';
import type { GateReply, GateRequest, RetryingClient } from '../../../gate/index.ts';
import { actionKind } from '../../../view/index.ts';
import { ifCallPlan, type CallPlan } from '../call-plan.ts';
import { doorOf } from '../endpoint.ts';
import { unknownMethod } from '../rpc-reply.ts';
import { CallLogs } from './call-logs.ts';
import type { ModernContext } from './modern-context.ts';
import { errorAnswer, modernReply, type ModernAnswer } from './modern-reply.ts';
import { paramHeaderCheck } from './param-headers.ts';
import { readResume } from './resume.ts';

/** Answers a method that goes to a server. */
export async function callServer(context: ModernContext): Promise<ModernAnswer> {
  const { id, method, params, caller, exchange } = context;
  const found = await ifCallPlan(method, { view: exchange.view, caller, params });
  if (found === undefined) {
    return errorAnswer(id, unknownMethod(method));
  }
  const resumed = readResume(method, params);
  const fault = found.ok ? (resumed.ok ? undefined : resumed.fault) : found.fault;
  if (!found.ok || !resumed.ok) {
    return errorAnswer(id, { code: RPC_ERRORS.invalidParams, message: fault ?? '' });
  }
  return await send(context, found.plan, { resume: resumed.resume });
}

async function send(
  context: ModernContext,
  plan: CallPlan,
  { resume }: Pick<RetryingClient, 'resume'>,
): Promise<ModernAnswer> {
  const { id, method, params, exchange, results, showReasons, stepUp } = context;
  const asked = { id, kind: actionKind(plan.kind), name: plan.publicName };
  const reply = await throughGate(context, {
    // A name that leads nowhere takes the same road, so that it is recorded.
    action: { kind: asked.kind, ...(plan.target ?? { server: '', name: plan.publicName }) },
    replace: plan.replace,
    client: clientOf(context, resume),
    checkDefinition: method === 'tools/call' ? paramHeaderCheck(exchange.request, params) : undefined,
  });
  const cacheable = method === 'resources/read';
  return modernReply(asked, reply, { showReasons, results, cacheable, stepUp });
}

export function clientOf(
  { envelope: { capabilities, logLevel } }: ModernContext,
  resume?: RetryingClient['resume'],
): RetryingClient {
  return { style: 'retry', capabilities, logLevel, resume };
}

/** Puts a call through the gate; what is said while it runs goes out with its answer, as far as it was asked for. */
export async function throughGate(
  context: ModernContext,
  call: Pick<GateRequest, 'action' | 'replace' | 'client' | 'checkDefinition' | 'task'>,
): Promise<GateReply> {
  const { gate, caller, document, method, signal, answer, envelope, exchange } = context;
  using logs =
    envelope.logLevel === undefined || !answer.canNotify
      ? undefined
      : new CallLogs(answer, exchange.principal, envelope.logLevel);
  answer.expectLong();
  return await gate.call({
    ...call,
    caller,
    door: doorOf(exchange.place),
    method,
    document,
    signal,
    labelQuestions: exchange.view.joinsServers,
    onRoute: logs === undefined ? undefined : logs.attach.bind(logs),
    onNotification: answer.canNotify
      ? (notification: string, params: JsonObject): void => {
          if (notification === 'notifications/message') {
            logs?.tell(params);
          } else if (notification === 'notifications/progress') {
            answer.notify(notification, params);
          }
        }
      : undefined,
  });
}
