const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Words with a meaning of their own somewhere in TypeScript: as names of globals they break a script or confuse its reader. */
const KEYWORDS = words(`
  abstract accessor any arguments as assert asserts async await bigint boolean break case catch class const constructor continue debugger declare default defer
  delete do else enum eval export extends false finally for from function get global if implements import in infer instanceof interface intrinsic is keyof let
  meta module namespace never new null number object of out override package private protected public readonly require return satisfies set static string
  super switch symbol this throw true try type typeof undefined unique unknown using var void while with yield
`);

/** Of ECMAScript and of hosts of it, as far as they begin with a small letter. */
const BUILT_INS = words(`
  atob btoa clearInterval clearTimeout console crypto decodeURI decodeURIComponent encodeURI encodeURIComponent escape exports globalThis isFinite isNaN
  parseFloat parseInt performance process queueMicrotask self setInterval setTimeout structuredClone unescape window
`);

/** What scripts see besides their servers. */
const OWN_GLOBALS = words(`
  args call callTool capabilitySummary describeServer discoveredServers fetchOutput listLoadedServerMetadata listServers listTools queryToolDocs runtime saveScript
  searchToolDocs servers
`);

/** Members of every object; a method of such a name would be called by the language itself, or is no own member where it is looked up. */
const OBJECT_MEMBERS = words(`
  __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__ constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toJSON
  toLocaleString toString valueOf
`);

/** Names that no member of a namespace has: an object with a `then` is taken for a promise by `await`. */
export const UNSAFE_MEMBERS: ReadonlySet<string> = new Set([...OBJECT_MEMBERS, 'then']);

/** Names that no server has as its global. */
export const RESERVED_GLOBALS: ReadonlySet<string> = new Set([
  ...KEYWORDS,
  ...BUILT_INS,
  ...OWN_GLOBALS,
  ...UNSAFE_MEMBERS,
]);

/** Snake names that no server has: `mcp_servers` is the table of all. */
export const RESERVED_SNAKES: ReadonlySet<string> = new Set(['servers']);
