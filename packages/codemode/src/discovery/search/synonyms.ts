import { stem } from './stem.ts';

/** Words that stand for each other in names of tools and in what people ask for; the first names the group. A word may be in several. */
const GROUPS: readonly string[] = [
  'create add new make insert append open build generate compose register',
  'delete remove rm drop erase destroy clear purge discard revoke uninstall',
  'get list fetch show read retrieve view display load see',
  'update edit change modify patch alter adjust replace',
  'search find query lookup discover locate',
  'send post publish submit notify deliver',
  'run execute invoke launch start trigger perform evaluate',
  'stop end cancel abort halt terminate kill close',
  'move rename relocate',
  'copy duplicate clone fork',
  'upload attach import',
  'download export save store',
  'click press tap push',
  'select choose pick',
  'visit navigate goto browse',
  'fill type enter',
  'count number total sum amount',
  'connect link join attach',
  'allow permit grant access',
  'disconnect logout detach',
  'check verify validate test inspect examine',
  'describe explain detail info information metadata',
  'directory folder dir',
  'repository repo project',
  'image picture photo img',
  'video movie clip recording screencast',
  'message msg chat',
  'documentation doc manual guide',
  'database db',
  'document record row entry item',
  'table collection',
  'issue ticket bug',
  'comment reply note annotation remark',
  'user member person people account',
  'group team organization org',
  'url link website site webpage web',
  'place location local nearby near',
  'statistics stats metric usage',
  'config configuration settings setting option preference',
  'environment env',
  'log history activity event',
  'schedule calendar meeting appointment',
  'email mail',
  'invoice bill receipt',
  'customer client contact',
  'price cost amount fee',
  'script code javascript js',
  'summary summarize summarise summarizer abstract',
];

/** Short forms that stand for several words. */
const SHORT_FORMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['pr', ['pull', 'request']],
  ['prs', ['pull', 'request']],
  ['mr', ['merge', 'request']],
  ['mrs', ['merge', 'request']],
  ['ls', ['list', 'directory']],
  ['mkdir', ['create', 'directory']],
  ['dm', ['direct', 'message']],
  ['kv', ['key', 'value']],
]);

/** No word of a text begins with it. */
const MARK = '=';

const CONCEPTS = conceptsByStem();

/**
 * What a word means beyond itself, as terms of the index that no text can contain.
 *
 * @param stemmed As of `stem()`.
 */
export function conceptsOf(stemmed: string): readonly string[] {
  return CONCEPTS.get(stemmed) ?? [];
}

/** Whether a term of an index is one of {@link conceptsOf} and no word. */
export function isConcept(term: string): boolean {
  return term.startsWith(MARK);
}

/** The words that a word is short for, or the word. */
export function longForm(word: string): readonly string[] {
  return SHORT_FORMS.get(word) ?? [word];
}

function conceptsByStem(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const group of GROUPS) {
    const words = group.split(' ').map(stem);
    for (const word of words) {
      found.set(word, [...(found.get(word) ?? []), `${MARK}${words[0]}`]);
    }
  }
  return found;
}
