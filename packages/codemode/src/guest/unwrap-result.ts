import type { Primordials } from './primordials.ts';

export interface ResultReader {
  /** What a result holds: its structured content, else its text read as JSON, else its text; blocks of other sorts as they are. */
  unwrap(result: unknown): unknown;
  isError(result: unknown): boolean;
  /** The text of a result, for the message of an error. */
  textOf(result: unknown): string;
}

/** Reads results of tools (MCP `CallToolResult`). Runs inside the sandbox: refers to nothing outside of itself. */
export function createResultReader(p: Primordials): ResultReader {
  function blocksOf(result: unknown): unknown[] {
    const content = p.member(result, 'content');
    return p.isArray(content) ? content : [];
  }

  function textOfBlock(block: unknown): string | undefined {
    const text = p.member(block, 'text');
    return p.member(block, 'type') === 'text' && typeof text === 'string' ? text : undefined;
  }

  function parseText(text: string): unknown {
    let value: unknown;
    try {
      value = p.parse(text);
    } catch {
      return text;
    }
    // A number stays text when it would not be written the same again: "1.0", or an identifier with more digits than a number holds.
    return typeof value === 'number' && `${value}` !== p.trim(text) ? text : value;
  }

  function unwrapBlock(block: unknown): unknown {
    const text = textOfBlock(block);
    return text === undefined ? block : parseText(text);
  }

  function unwrap(result: unknown): unknown {
    const structured = p.member(result, 'structuredContent');
    if (structured !== undefined && structured !== null) return structured;
    const blocks = blocksOf(result);
    if (blocks.length === 0) return undefined;
    if (blocks.length === 1) return unwrapBlock(blocks[0]);
    const values: unknown[] = [];
    for (let i = 0; i < blocks.length; i += 1) p.push(values, unwrapBlock(blocks[i]));
    return values;
  }

  function textOf(result: unknown): string {
    const blocks = blocksOf(result);
    let joined = '';
    for (let i = 0; i < blocks.length; i += 1) {
      const text = textOfBlock(blocks[i]);
      if (text !== undefined && text !== '') joined += joined === '' ? text : `\n${text}`;
    }
    if (joined !== '') return joined;
    const structured = p.member(result, 'structuredContent');
    return structured === undefined ? 'The tool failed and said nothing about it' : p.stringify(structured);
  }

  return { unwrap, textOf, isError: (result) => p.member(result, 'isError') === true };
}
