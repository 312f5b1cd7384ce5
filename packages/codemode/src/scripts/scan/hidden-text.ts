import { codePoint, placeOf, visible } from './finding.ts';

interface Kind {
  readonly name: string;
  /** Matches single characters. */
  readonly characters: RegExp;
}

const KINDS: readonly Kind[] = [
  {
    name: 'characters that change the direction of text',
    characters: /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
  },
  { name: 'tag characters, which can carry a hidden text', characters: /[\u{e0000}-\u{e007f}]/gu },
  // A joiner after a picture is part of it.
  {
    name: 'invisible characters',
    characters:
      // oxlint-disable-next-line no-misleading-character-class -- single characters are meant
      /[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0100}-\u{e01ef}]|(?<![\p{Extended_Pictographic}\ufe0f\u{1f3fb}-\u{1f3ff}])\u200d/gu,
  },
  {
    name: 'control characters',
    // oxlint-disable-next-line no-control-regex -- these are what is looked for
    characters: /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]/gu,
  },
];

const PADDING_LENGTH = 100;
const PADDING = /[ \t\u00a0\u2000-\u200a\u3000]+|\n[\n\r]*/gu;
const WORD = /[\p{L}\p{N}_$]+/gu;
const LOOK_ALIKES = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
const LATIN = /\p{Script=Latin}/u;

/** What of a text a reader does not see, or takes for something else. */
export function findHiddenText(text: string): readonly string[] {
  return [...hiddenCharacters(text), ...longPadding(text), ...mixedWords(text)];
}

function* hiddenCharacters(text: string): Generator<string> {
  for (const { name, characters } of KINDS) {
    let count = 0;
    let first: RegExpExecArray | undefined;
    for (const match of text.matchAll(characters)) {
      first ??= match;
      count += 1;
    }
    if (first !== undefined)
      yield `${count} ${name}, first ${codePoint(first[0])} at ${placeOf(text, first.index)}`;
  }
}

function* longPadding(text: string): Generator<string> {
  for (const { 0: run, index } of text.matchAll(PADDING)) {
    if (run.length < PADDING_LENGTH) continue;
    yield `${run.length} blanks in a row, which move what follows out of sight, at ${placeOf(text, index)}`;
    return;
  }
}

function* mixedWords(text: string): Generator<string> {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!LATIN.test(word) || !LOOK_ALIKES.test(word)) continue;
    yield `letters of another script among Latin ones in ${visible(word)} at ${placeOf(text, index)}`;
    return;
  }
}
