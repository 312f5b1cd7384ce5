const MAX_FRAMES = 20;
const MAX_DETAILS_DEPTH = 64;
const MAX_LINE = 300;

/**
 * What a script threw, as it is told: frames of scripts only, and the place of the first.
 *
 * @param {object} thrown
 * @param {string} thrown.name
 * @param {string} thrown.message
 * @param {string} thrown.stack As the script has it, so of any content.
 * @param {string | undefined} thrown.details JSON text.
 * @param {string} fileName Of the script.
 */
export function toFailure({ name, message, stack, details }, fileName) {
  const frames = framesOf(stack, fileName);
  const place = placeOf(frames[0]);
  const parsed = details === undefined ? undefined : ifShallow(JSON.parse(details));
  return {
    name,
    message,
    ...place,
    ...(frames.length === 0 ? {} : { stack: frames.join('\n') }),
    ...(parsed === undefined ? {} : { details: parsed }),
  };
}

/**
 * @param {string} stack
 * @param {string} fileName
 */
function framesOf(stack, fileName) {
  const isFrame = (/** @type {string} */ line) =>
    line.startsWith('at ') &&
    line.length <= MAX_LINE &&
    line.includes(`${fileName}:`) &&
    placeOf(line) !== undefined;
  return stack
    .split('\n')
    .map((line) => line.trim())
    .filter(isFrame)
    .slice(0, MAX_FRAMES);
}

/** @param {string | undefined} frame */
function placeOf(frame) {
  const found = frame === undefined ? null : /:([1-9]\d{0,8}):([1-9]\d{0,8})\)?$/.exec(frame);
  return found === null ? undefined : { line: Number(found[1]), column: Number(found[2]) };
}

/**
 * @param {unknown} value
 * @returns {unknown[]}
 */
function membersOf(value) {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

/** @param {unknown} value */
function ifShallow(value) {
  /** @type {unknown[]} */
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DETAILS_DEPTH) {
      return undefined;
    }
    level = level.flatMap(membersOf);
  }
  return value;
}
