import type { ConfigNode, Position } from '../../config/config-node.ts';

/** Something wrong in a document. The message never quotes a value of it. */
export interface DocumentProblem extends Position {
  readonly message: string;
}

/**
 * A document as located nodes, or why there is none. `root` is undefined for an empty document. `warnings` have what was read in a way that its writer
 * may not expect.
 */
export type ParsedDocument =
  | {
      readonly ok: true;
      readonly root: ConfigNode | undefined;
      readonly warnings: readonly DocumentProblem[];
    }
  | { readonly ok: false; readonly problem: DocumentProblem };
