import type { CheckRequest } from './check.ts';
import type { CheckFiles } from './compiler/work-folder.ts';

/** What is checked, where its files lie. */
export interface PlacedCheck {
  readonly request: CheckRequest;
  readonly files: CheckFiles;
  /** Declarations in the order in which they count, relative to `files.path`: where two have the same name, the first wins. */
  readonly declarations: readonly string[];
}
