import type { OutputPiece, OutputStream } from '@smcp/sandbox';

/** The lines that were printed to a stream, without those that say nothing: blank ones, and `()`. */
export function streamLines(output: readonly OutputPiece[], stream: OutputStream): readonly string[] {
  return output
    .filter((piece) => piece.stream === stream)
    .map((piece) => piece.text)
    .join('')
    .toWellFormed()
    .split(/\r?\n/)
    .filter((line) => {
      const trimmed = line.trim();
      return trimmed !== '' && trimmed !== '()';
    });
}
