/** Characters that cannot be seen, turn the direction of text, or look like a blank that they are not. Blank, tab and line feed are not among them. */
export const INVISIBLE = /(?![\t\n])\p{C}|\p{Default_Ignorable_Code_Point}|\u2800|(?! )\p{Z}/gu;

/** Text on one line in which there is nothing to look for: a quick answer for most of it, in which letters of a few scripts and no marks occur. */
export const PLAIN =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]*$/;
