/** Keeps the newest `maxLength` characters of a text stream, without terminal control sequences. */
export class TextRing {
  #text = '';
  readonly #maxLength: number;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  push(chunk: string): void {
    const text = this.#text + chunk;
    this.#text = text.length > this.#maxLength ? text.slice(text.length - this.#maxLength) : text;
  }

  toString(): string {
    return stripControls(this.#text);
  }
}

// ESC sequences first (CSI, then OSC up to BEL or ST), then every other control character but tab and newline.
const CONTROLS =
  // oxlint-disable-next-line no-control-regex -- control characters are what is being removed
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Removes terminal escape sequences and control characters, keeping tabs and newlines. */
export function stripControls(text: string): string {
  return text.replace(CONTROLS, '');
}
