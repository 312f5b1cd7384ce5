/** Words that say nothing about what a tool does. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a an and are as at be been by can could did do does for from had has have he her his how i if in into is it its just let me my need no not of on or our
  please she should so some than that the their them then there these they this those to us use used uses using via want was we were what when where which
  who whom whose why will with would you your`.split(/\s+/u),
);
