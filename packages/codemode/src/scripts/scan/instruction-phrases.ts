/** Turns of phrase that speak to a model about something else than the tool. A few words of a sentence each; a finding is for a person to judge. */
const PHRASES: readonly string[] = [
  'ignore previous',
  'ignore all previous',
  'ignore prior',
  'ignore the above',
  'ignore your',
  'disregard previous',
  'disregard all',
  'disregard the above',
  'disregard your',
  'forget your instructions',
  'forget all previous',
  'previous instructions',
  'prior instructions',
  'new instructions',
  'override your',
  'system prompt',
  'system message',
  'developer mode',
  'developer message',
  'you are now',
  'from now on',
  'do not tell',
  "don't tell",
  'do not mention',
  "don't mention",
  'do not inform',
  'without telling',
  'without asking',
  'never ask',
  'do not ask',
  'keep this secret',
  'already approved',
  'pre-approved',
  'always use this',
  'always call this',
  'must use this',
  'must call this',
  'before using any other',
  'before calling any other',
  'instead of any other',
  'do not use any other',
  'conversation history',
  'chat history',
  'your instructions',
  'your memory',
  '<system',
  '</system',
  '<important',
  '<instructions',
  '[inst]',
  '<|im_start|>',
  '<|system|>',
  '### system',
  '### instruction',
];

const INVISIBLE = /[\p{Cf}\p{Cc}\u034f\u115f\u1160\u3164\uffa0]/gu;

/** The phrases that stand in a text, whatever its case, white space, width of letters, and invisible characters between them. */
export function findInstructionPhrases(text: string): readonly string[] {
  const plain = text
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(/[\u2018\u2019]/gu, "'")
    .toLowerCase();
  return PHRASES.filter((phrase) => plain.includes(phrase)).map(
    (phrase) => `"${phrase}", which reads like an instruction to a model`,
  );
}
