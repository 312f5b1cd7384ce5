import { isSecretKey, looksRandom } from './secret-like.ts';
import { maskUrl, type Masked } from './mask-url.ts';

const MASK = '…';
const FLAG = /^--?([A-Za-z][\w.-]*)$/;
const ASSIGNMENT = /^(--?)?([A-Za-z_][\w.-]*)=(.*)$/s;
const HEADER = /^([A-Za-z][\w-]*):\s*(\S.*)$/s;
const HEADER_FLAG = /^(?:-H|--headers?)$/;
const VARIABLE = /^[A-Z][A-Z0-9_]*$/;
// Schemes are short; without the bound a long word would be tried from each of its letters to the end.
const ADDRESS = /[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"']+/gi;

/** A command line to be shown: without the values of options, variables and headers that are secrets, and with addresses masked. */
export function maskCommand(command: string, args: readonly string[]): Masked {
  const secrets: string[] = [];
  const take = (masked: Masked): string => {
    secrets.push(...masked.secrets);
    return masked.text;
  };
  const shown = args.map((arg, index) => take(maskArgument(arg, args[index - 1])));
  return { text: [take(maskAddresses(command)), ...shown].map(quoted).join(' '), secrets };
}

function maskArgument(arg: string, before: string | undefined): Masked {
  const flag = FLAG.exec(before ?? '')?.[1];
  const isFlag = FLAG.test(arg);
  if (flag !== undefined && isSecretKey(flag) && !isFlag) return { text: MASK, secrets: [arg] };
  const [, dashes = '', name, value = ''] = ASSIGNMENT.exec(arg) ?? [];
  if (name !== undefined) {
    if (isSecretKey(name) || looksRandom(value))
      return { text: `${dashes}${name}=${MASK}`, secrets: [value] };
    // Variables are never shown, whatever they are called.
    if (dashes === '' && VARIABLE.test(name)) return { text: `${name}=${MASK}`, secrets: [] };
  }
  const [, header, content = ''] = HEADER.exec(arg) ?? [];
  if (header !== undefined && !arg.includes('://') && (HEADER_FLAG.test(before ?? '') || isSecretKey(header)))
    return { text: `${header}: ${MASK}`, secrets: [content, content.replace(/^\S+\s+/, '')] };
  if (looksRandom(arg) && !/[/\\.@:\s]/.test(arg)) return { text: MASK, secrets: [arg] };
  return maskAddresses(arg);
}

function maskAddresses(text: string): Masked {
  const secrets: string[] = [];
  const shown = text.replaceAll(ADDRESS, (address) => {
    const masked = maskUrl(address);
    secrets.push(...masked.secrets);
    // Written otherwise than the parser writes it, an address without secrets stays as it is.
    return masked.text === address || masked.text.replace(/\/$/, '') === address ? address : masked.text;
  });
  return { text: shown, secrets };
}

function quoted(text: string): string {
  return text === '' || /[\s"']/.test(text) ? JSON.stringify(text) : text;
}
