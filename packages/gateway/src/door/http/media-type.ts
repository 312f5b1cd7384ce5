/** True for `application/json`, in any case and with any parameters but a foreign or a second charset. */
export function isJsonContent(header: string | undefined): boolean {
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';');
  const charsets = parameters
    .map((parameter) => parameter.trim())
    .filter((parameter) => parameter.startsWith('charset='));
  return (
    type.trim() === 'application/json' &&
    charsets.length <= 1 &&
    charsets.every((charset) => /^charset="?utf-?8"?$/.test(charset))
  );
}

/** Which of the two answer forms a client takes. */
export interface AcceptedForms {
  readonly json: boolean;
  readonly stream: boolean;
}

const BOTH: AcceptedForms = Object.freeze({ json: true, stream: true });
const MAX_KEPT = 256;
const MAX_KEPT_LENGTH = 256;
const KEPT = new Map<string, AcceptedForms>();

/** Reads `Accept`; a missing header takes both forms. What a header means is remembered, for clients send the same one again and again. */
export function acceptedForms(header: string | undefined): AcceptedForms {
  if (header === undefined || header.trim() === '') {
    return BOTH;
  }
  const known = KEPT.get(header);
  if (known !== undefined) {
    return known;
  }
  const forms = readForms(header);
  if (header.length <= MAX_KEPT_LENGTH) {
    if (KEPT.size >= MAX_KEPT) {
      KEPT.clear();
    }
    KEPT.set(header, forms);
  }
  return forms;
}

function readForms(header: string): AcceptedForms {
  const types = new Set(
    header
      .toLowerCase()
      .split(',')
      .filter((part) => !/;\s*q=0(?:\.0*)?\s*(?:;|$)/.test(part))
      .map((part) => part.split(';', 1)[0]?.trim() ?? ''),
  );
  const any = types.has('*/*');
  return Object.freeze({
    json: any || types.has('application/json') || types.has('application/*'),
    stream: any || types.has('text/event-stream') || types.has('text/*'),
  });
}
