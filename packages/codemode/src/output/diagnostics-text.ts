import type { Diagnostic } from '../check/check.ts';
import type { ShownScript } from './payload.ts';
import { sourcePlace } from './source-place.ts';

export interface ShownDiagnostics {
  readonly diagnostics: readonly Diagnostic[];
  readonly more: number;
  readonly declarations: readonly string[];
}

/** Diagnostics as a compiler writes them, each with its line of the script, then the declarations of the tools concerned. */
export function diagnosticsText(
  { diagnostics, more, declarations }: ShownDiagnostics,
  script: ShownScript,
): readonly string[] {
  const lines = diagnostics.flatMap((diagnostic) => {
    const { line, column, code, message, related } = diagnostic;
    return [
      `${script.name}:${line}:${column} error TS${code}: ${message}`,
      ...sourcePlace(script, line, column),
      ...related.filter(({ message }) => message !== '').map((place) => `    ${place.message}`),
    ];
  });
  return [
    ...lines,
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(declarations.length > 0 ? ['', 'declarations:', ...declarations] : []),
  ];
}
