/** What a variable in a text of a client stands for. */
export type Reference =
  | { readonly kind: 'env'; readonly name: string; readonly fallback?: string | undefined }
  | { readonly kind: 'file'; readonly path: string }
  /** A place that the client knows, such as the folder that is open. */
  | { readonly kind: 'place'; readonly name: PlaceName }
  /** Only the client itself can fill it in: it asks the user, or looks into its own settings. */
  | { readonly kind: 'client'; readonly expression: string };

export type PlaceName =
  | 'userHome'
  | 'workspaceFolder'
  | 'workspaceFolderBasename'
  | 'cwd'
  | 'pathSeparator'
  | '/';

/** How a client writes variables. */
export interface VariableRule {
  /** Global. Whatever does not match stays as it is written. */
  readonly pattern: RegExp;
  read(match: RegExpExecArray): Reference;
}
