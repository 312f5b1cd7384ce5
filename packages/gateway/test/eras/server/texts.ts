/** What the servers of both eras ask and say, so that one test fits both. */
export const SERVER_NAME = 'eras';

export const NAME_SCHEMA = {
  type: 'object' as const,
  properties: { name: { type: 'string' as const } },
  required: ['name'],
};

export const COLOUR_SCHEMA = {
  type: 'object' as const,
  properties: { colour: { type: 'string' as const, enum: ['red', 'blue'] } },
  required: ['colour'],
};

export const CONSENT_URL = 'https://example.com/consent';

export const STYLES = ['formal', 'friendly', 'short'];

export const CITIES = ['Paris', 'Prague', 'Rome'];

/** A URI whose text counts the updates of it. */
export const COUNTER_URI = 'era://counter';

export const NOTE_URI = 'era://note';

export const VENDOR = { weight: 0.25, tags: ['a', 'b'] };

export function text(value: string): { content: { type: 'text'; text: string }[] } {
  return { content: [{ type: 'text', text: value }] };
}

/** What a form answer says: the action, and the values when it was accepted. */
export function spoken(answer: { action: string; content?: Record<string, unknown> | undefined }): string {
  return answer.action === 'accept' ? Object.values(answer.content ?? {}).join(' ') : answer.action;
}
