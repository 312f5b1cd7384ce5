export interface BenchTool {
  readonly name: 'echo' | 'wait' | 'big';
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** The tools that scripts call: the same functions in the process of each contender, and behind the gateway over stdio. */
export declare const BENCH_TOOLS: readonly BenchTool[];

/** Their implementations by name: arguments in, text out. */
export declare const BENCH_FUNCTIONS: Readonly<
  Record<string, (args: Readonly<Record<string, unknown>>) => Promise<string>>
>;
