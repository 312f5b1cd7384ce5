import { isJsonObject } from '@smcp/protocol';
import type { Answers, FormAnswer, Question } from './era-client.ts';

/** The person behind a client: notes what is asked and answers it. */
export class User {
  readonly asked: Question[] = [];
  answers: Answers = USUAL;

  forget(): void {
    this.asked.length = 0;
    this.answers = USUAL;
  }

  async elicit(params: Record<string, unknown>) {
    this.asked.push({ method: 'elicitation/create', params });
    return { ...(await this.answers.elicit(params)) };
  }

  sample(params: Record<string, unknown>) {
    this.asked.push({ method: 'sampling/createMessage', params });
    const content = { type: 'text' as const, text: this.answers.sample };
    return { model: 'a-model', role: 'assistant' as const, content };
  }

  roots() {
    this.asked.push({ method: 'roots/list', params: {} });
    return { roots: this.answers.roots.map((uri) => ({ uri })) };
  }
}

const USUAL: Answers = { elicit: fill, sample: 'Yes', roots: ['file:///home/ada', 'file:///srv'] };

/** Accepts, with a value of Ada's for each field. */
function fill({ requestedSchema }: Record<string, unknown>): FormAnswer {
  const properties = isJsonObject(requestedSchema) ? requestedSchema['properties'] : undefined;
  if (!isJsonObject(properties)) return { action: 'accept' };
  const own: Record<string, string> = { name: 'Ada', colour: 'blue' };
  return {
    action: 'accept',
    content: Object.fromEntries(Object.keys(properties).map((field) => [field, own[field] ?? ''])),
  };
}
