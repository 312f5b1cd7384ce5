/** One step of the walk: what was tried and what happened. */
export interface Step {
  readonly title: string;
  readonly who: string;
  readonly call: string;
  readonly result: string;
  /** Whether it went as it should. */
  readonly ok: boolean;
  /** `server:tool` that policy denied in this step; the audit log knows why. */
  readonly denied?: string;
}

type Labels = Pick<Step, 'title' | 'who' | 'call' | 'denied'>;

const MAX_RESULT_CHARS = 300;

/** A step that must succeed; the work says what to show and whether it is right. */
export async function shows(labels: Labels, work: () => Promise<readonly [string, boolean]>): Promise<Step> {
  try {
    const [result, ok] = await work();
    return { ...labels, result: result.slice(0, MAX_RESULT_CHARS), ok };
  } catch (error) {
    return failed(labels, error);
  }
}

/** A step that must be refused for the expected reason; any other failure is no success. */
export async function refused(labels: Labels, expected: string, work: () => Promise<string>): Promise<Step> {
  try {
    const result = await work();
    return { ...labels, result: `went through: ${result}`.slice(0, MAX_RESULT_CHARS), ok: false };
  } catch (error) {
    return error instanceof Error && error.message.includes(expected)
      ? { ...labels, result: `refused: ${expected}`, ok: true }
      : failed(labels, error);
  }
}

function failed(labels: Labels, error: unknown): Step {
  const message = error instanceof Error ? error.message : String(error);
  return { ...labels, result: `failed: ${message}`.slice(0, MAX_RESULT_CHARS), ok: false };
}
