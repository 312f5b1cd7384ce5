import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { Approval } from './approval.ts';
import { quotedName, visibleLines, visibleText } from './visible-text.ts';

const NOT_WHOLE =
  'CAUTION: this call cannot be shown whole; parts of it are hidden or left out below. Approve it only if you know what they are.';

/** A type, not an interface, so that it passes for the params of any request. */
export type ApprovalElicitation = {
  readonly mode: 'form';
  readonly message: string;
  readonly requestedSchema: JsonObject;
};

/**
 * Parameters of an `elicitation/create` request (form mode) that puts a question to the user of a client: who asks for which call, by which rule, and its
 * arguments, in an indented block so that clients which render Markdown show them as they are.
 */
export function approvalElicitation(approval: Approval): ApprovalElicitation {
  return {
    mode: 'form',
    message: questionText(approval),
    requestedSchema: {
      type: 'object',
      properties: {
        approve: {
          type: 'boolean',
          title: 'Approve this call',
          description: 'Yes lets this one call through, with exactly these arguments. No refuses it.',
          default: false,
        },
      },
      required: ['approve'],
    },
  };
}

/**
 * Reads what the user of a client answered. Only an accepted form with `approve: true` approves; `false` and a decline deny; everything else, such as a
 * dismissed form or a malformed answer, leaves the question open.
 */
export function readApprovalAnswer(result: unknown): 'approve' | 'deny' | 'cancel' {
  if (!isJsonObject(result)) return 'cancel';
  if (result['action'] === 'decline') return 'deny';
  const content = result['content'];
  if (result['action'] !== 'accept' || !isJsonObject(content) || !Object.hasOwn(content, 'approve')) {
    return 'cancel';
  }
  const approve = content['approve'];
  if (typeof approve !== 'boolean') return 'cancel';
  return approve ? 'approve' : 'deny';
}

/** The question for people: the call, who asks for it, and until when it is open. */
function questionText(approval: Approval): string {
  const { server, kind, name, rule, id, expiresAt, shown, whole } = approval;
  return [
    `Allow this one call? It is not made before somebody approves it.`,
    ...(whole ? [] : ['', NOT_WHOLE]),
    '',
    `${KINDS[kind]}: ${quotedName(name)}`,
    `Server: ${quotedName(server)}`,
    `Asked by: ${askedBy(approval)}`,
    `Rule: ${visibleText(rule)}`,
    `Question: ${visibleText(id)}, open until ${clockTime(expiresAt)}`,
    ...(shown === '' ? ['Arguments: none'] : ['Arguments:', '', indented(visibleLines(shown))]),
  ].join('\n');
}

const KINDS = { tool: 'Tool', prompt: 'Prompt', resource: 'Resource' } as const;

function askedBy({ principal, delegation }: Approval): string {
  const names = delegation.map((delegator) => quotedName(delegator, 200)).join(', ');
  return quotedName(principal, 200) + (names === '' ? '' : ` on behalf of ${names}`);
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

/** `14:05:09 UTC` */
export function clockTime(iso: string): string {
  return `${iso.slice(11, 19)} UTC`;
}
