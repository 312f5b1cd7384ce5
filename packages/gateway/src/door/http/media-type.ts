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

/** Which of the two answer forms a client takes; a missing header takes both. */
export function acceptedForms(header: string | undefined): {
  readonly json: boolean;
  readonly stream: boolean;
} {
  if (header === undefined || header.trim() === '') {
    return { json: true, stream: true };
  }
  const types = new Set(
    header
      .toLowerCase()
      .split(',')
      .filter((part) => !/;\s*q=0(?:\.0*)?\s*(?:;|$)/.test(part))
      .map((part) => part.split(';', 1)[0]?.trim() ?? ''),
  );
  const any = types.has('*/*');
  return {
    json: any || types.has('application/json') || types.has('application/*'),
    stream: any || types.has('text/event-stream') || types.has('text/*'),
  };
}
