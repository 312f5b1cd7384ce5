import { isJsonObject, type JsonValue } from '@smcp/protocol';
import { isList } from '../canonical-json.ts';
import { withMember, type AcceptRule } from './accept-rule.ts';

const MAX_ICONS = 16;
const MAX_SIZES = 16;
/** No SVG: it may hold programs and text. */
const TYPE = /^image\/(?:png|jpeg|webp|gif)$/;
const INLINE = /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/]*={0,2}$/;
const SIZE = /^(?:any|[1-9][0-9]{0,4}x[1-9][0-9]{0,4})$/;

/** Icons that were taken away, or replaced by ones that hold their picture themselves or come over https from where the pinned ones came. */
export const icons: AcceptRule = (pinned, seen) => {
  const after = seen['icons'];
  const origins = new Set(listOf(pinned['icons']).map(originOf));
  const isHarmless =
    after === undefined ||
    (isList(after) && after.length <= MAX_ICONS && after.every((icon) => isPlainIcon(icon, origins)));
  return isHarmless ? withMember(seen, 'icons', pinned['icons']) : seen;
};

function isPlainIcon(icon: JsonValue, origins: ReadonlySet<string | undefined>): boolean {
  return (
    isJsonObject(icon) && Object.entries(icon).every(([key, value]) => isPlainMember(key, value, origins))
  );
}

function isPlainMember(key: string, value: JsonValue, origins: ReadonlySet<string | undefined>): boolean {
  switch (key) {
    case 'src':
      return typeof value === 'string' && (INLINE.test(value) || isKnownAddress(value, origins));
    case 'mimeType':
      return typeof value === 'string' && TYPE.test(value);
    case 'sizes':
      return (
        isList(value) &&
        value.length <= MAX_SIZES &&
        value.every((size) => typeof size === 'string' && SIZE.test(size))
      );
    case 'theme':
      return value === 'light' || value === 'dark';
    default:
      return false;
  }
}

/** Nothing may be added to an address by which somebody could be told something. */
function isKnownAddress(src: string, origins: ReadonlySet<string | undefined>): boolean {
  const url = URL.parse(src);
  return (
    url?.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === '' &&
    origins.has(url.origin)
  );
}

function originOf(icon: JsonValue): string | undefined {
  const src = isJsonObject(icon) ? icon['src'] : undefined;
  const url = typeof src === 'string' ? URL.parse(src) : null;
  return url?.protocol === 'https:' ? url.origin : undefined;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isList(value) ? value : [];
}
