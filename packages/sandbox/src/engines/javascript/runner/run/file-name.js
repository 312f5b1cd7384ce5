const MAX_LENGTH = 100;

/**
 * Name of a script as frames show it: one word, so that a frame can be read back.
 *
 * @param {string} name
 */
export function toFileName(name) {
  const safe = name.replaceAll(/[^\p{L}\p{N}._/-]+/gu, '-').slice(0, MAX_LENGTH);
  return safe === '' ? 'script' : safe;
}
