/** One thing that was looked for. */
export interface Finding {
  readonly what: string;
  /** What it is for. */
  readonly purpose: string;
  readonly status: 'ok' | 'warning' | 'missing';
  /** True when the gateway cannot do its work without it. */
  readonly needed: boolean;
  readonly detail: string;
  /** How to get it or mend it. */
  readonly remedy?: string;
}
