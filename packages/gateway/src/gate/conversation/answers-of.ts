import type { InputResponses, JsonObject } from '@smcp/protocol';
import type { Exchange } from '../exchange.ts';
import { responsesOf } from '../gate-call.ts';
import { actionOf, answerFault } from '../questions/check-answer.ts';
import type { UpstreamState } from './call-state.ts';

/** What is wrong with answers to questions that a server had asked; those to others do not count. */
export function faultOfAnswers(responses: InputResponses, { asked }: UpstreamState): string | undefined {
  for (const [id, method] of Object.entries(asked)) {
    const fault = Object.hasOwn(responses, id) ? answerFault(method, responses[id]) : undefined;
    if (fault !== undefined) {
      return fault;
    }
  }
  return undefined;
}

/** The answers that go to the server: those of the client to what it was asked, and those that were given for it. The first are counted. */
export function answersOf(
  exchange: Exchange,
  { asked, answered }: UpstreamState,
): Readonly<Record<string, JsonObject>> {
  const responses = responsesOf(exchange.call);
  const given: [string, JsonObject][] = [];
  for (const [id, method] of Object.entries(asked)) {
    const answer = Object.hasOwn(responses, id) ? responses[id] : undefined;
    if (answer !== undefined) {
      exchange.questions.tally.count(method, actionOf(method, answer));
      given.push([id, answer]);
    }
  }
  return { ...answered, ...Object.fromEntries(given) };
}
