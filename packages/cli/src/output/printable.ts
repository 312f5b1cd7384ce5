// Control and format characters: they move the cursor, hide text or turn its direction. Whatever servers and callers wrote may hold them.
const UNSAFE = /(?![\n\t\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text that may go to a terminal: characters that could deceive or command it are spelt out. Line breaks and tabs stay. */
export function printable(text: string): string {
  return text.replaceAll(UNSAFE, escape);
}

/** Text for one line of a table or message, at most `maxChars` characters. */
export function oneLine(text: string, maxChars = 200): string {
  // Cut first, so that a huge text costs nothing: escapes only make it longer.
  const flat = printable(
    text
      .slice(0, maxChars * 8)
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
  const chars = Array.from(flat);
  return chars.length <= maxChars && text.length <= maxChars * 8
    ? flat
    : `${chars.slice(0, maxChars - 1).join('')}…`;
}

/** JSON that is harmless on a terminal and means the same: what `JSON.stringify` leaves raw is escaped. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(UNSAFE, escapeJson);
}

function escape(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x1_00 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`;
}

function escapeJson(char: string): string {
  return Array.from({ length: char.length }, (_, index) => `\\u${hex(char.charCodeAt(index), 4)}`).join('');
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
