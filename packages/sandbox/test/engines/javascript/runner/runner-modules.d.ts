// Types of the runner's parts, which are plain JavaScript and have no declarations for TypeScript of their own.
declare module '*/runner/source/strip-types.js' {
  export function stripTypes(source: string): string;
}
declare module '*/runner/source/script-error.js' {
  export class ScriptError extends Error {
    line: number | undefined;
    column: number | undefined;
    constructor(message: string, place?: { line: number; column: number });
  }
  export function toScriptError(error: unknown): ScriptError;
}
declare module '*/runner/source/edits.js' {
  export class Edits {
    insert(at: number, text: string): void;
    replace(start: number, end: number, text: string): void;
    apply(source: string): string;
  }
}
declare module '*/runner/source/place.js' {
  export function placeOf(text: string, offset: number): { line: number; column: number };
  export function lineStartsOf(text: string): number[];
  export function blank(text: string): string;
}
declare module '*/runner/source/read-source.js' {
  export function readSource(
    source: string,
    language: 'typescript' | 'javascript',
  ): { code: string; statements: { type: string }[] };
}
declare module '*/runner/source/compile-script.js' {
  interface CompiledText {
    text: string;
    prefixLength: number;
  }
  export function compileScript(
    source: string,
    options: { language: 'typescript' | 'javascript'; sessionReserved: ReadonlySet<string> | undefined },
  ): {
    main: CompiledText;
    functions: CompiledText | undefined;
    names: string[];
    resets: string[];
    implicit: boolean;
  };
}
declare module '*/runner/guest/make-inspect.js' {
  export function makeInspect(): (value: unknown, depth?: number) => string;
}
declare module '*/runner/guest/make-to-json.js' {
  export function makeToJson(): (value: unknown, what: string) => string | undefined;
}
declare module '*/runner/guest/make-describe-error.js' {
  export function makeDescribeError(
    inspect: (value: unknown) => string,
    toJson: (value: unknown, what: string) => string | undefined,
  ): (thrown: unknown) => { name: string; message: string; stack: string; details: string | undefined };
}
declare module '*/runner/guest/make-console.js' {
  export function makeConsole(
    inspect: (value: unknown, depth?: number) => string,
    print: (stream: string, text: string) => void,
    now: () => number,
  ): { console: Console; reset: () => void };
}
declare module '*/runner/guest/make-text.js' {
  export function makeText(): { TextEncoder: typeof TextEncoder; TextDecoder: typeof TextDecoder };
}
declare module '*/runner/guest/make-dom-exception.js' {
  export function makeDomException(): typeof DOMException;
}
declare module '*/runner/guest/make-base64.js' {
  export function makeBase64(kind: typeof DOMException): {
    atob: (text: unknown) => string;
    btoa: (text: unknown) => string;
  };
}
declare module '*/runner/guest/make-structured-clone.js' {
  export function makeStructuredClone(kind: typeof DOMException): <T>(value: T) => T;
}
declare module '*/runner/guest/make-url-search-params.js' {
  export function makeUrlSearchParams(): {
    URLSearchParams: typeof URLSearchParams;
    bind: (params: URLSearchParams, changed: (text: string) => void) => (text: string) => void;
  };
}
declare module '*/runner/guest/make-url.js' {
  export function makeUrl(
    post: (kind: string, ...values: never[]) => unknown,
    params: typeof URLSearchParams,
    bind: unknown,
  ): typeof URL;
}
declare module '*/runner/guest/make-events.js' {
  export function makeEvents(
    kind: typeof DOMException,
    report: (error: unknown) => void,
    setTimeout: (callback: () => void, delayMs: number) => unknown,
  ): {
    Event: typeof Event;
    EventTarget: typeof EventTarget;
    AbortController: typeof AbortController;
    AbortSignal: typeof AbortSignal;
  };
}
declare module '*/runner/guest/make-calls.js' {
  export function makeCalls(
    post: (kind: string, ...values: unknown[]) => unknown,
    toJson: (value: unknown, what: string) => string | undefined,
  ): {
    call: (name: unknown, input?: unknown) => Promise<unknown>;
    settle: (call: number, isOk: boolean, text: string) => void;
    begin: (limits: { calls: number; parallelCalls: number; callInputBytes: number }) => void;
  };
}
declare module '*/runner/guest/make-timers.js' {
  type Start = (callback: unknown, delayMs?: unknown, ...values: unknown[]) => number;
  export function makeTimers(
    post: (kind: string, ...values: unknown[]) => unknown,
    report: (error: unknown) => void,
  ): {
    setTimeout: Start;
    setInterval: Start;
    clear: (id: unknown) => void;
    fire: (id: number) => void;
    begin: () => void;
  };
}
declare module '*/runner/errors/failure.js' {
  export function toFailure(
    thrown: { name: string; message: string; stack: string; details: string | undefined },
    fileName: string,
  ): {
    name: string;
    message: string;
    line?: number;
    column?: number;
    stack?: string;
    details?: unknown;
  };
}
declare module '*/runner/errors/loose-error.js' {
  export function looseErrorLine(error: unknown): string;
}
declare module '*/runner/run/file-name.js' {
  export function toFileName(name: string): string;
}
declare module '*/runner/run/url-service.js' {
  export function answerUrl(
    operation: string,
    first: string,
    second?: string,
    third?: string,
  ): string | undefined;
}
declare module '*/runner/run/result.js' {
  interface Result {
    status: string;
    limit?: string;
    value?: string;
  }
  export class Ending {
    constructor(onEnd: (result: Result) => void);
    readonly over: Promise<Result>;
    readonly isOver: boolean;
    end(result: Result): void;
    exceed(limit: string): void;
  }
  export function isForced(result: Result): boolean;
}
declare module '*/runner/run/outlet.js' {
  export class Outlet {
    constructor(message: object, send: (message: object) => boolean, ending: object);
    call(call: number, name: string, input: string): void;
    close(call: number): boolean;
    print(stream: string, text: string): void;
    printLoose(error: unknown): void;
  }
}
declare module '*/runner/wire/frames.js' {
  export const MAX_FRAME_BYTES: number;
  export function encodeFrame(message: object): Buffer | undefined;
  export class FrameReader {
    push(chunk: Buffer): unknown[];
  }
}
