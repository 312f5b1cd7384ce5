import { createScriptChecker, type ScriptChecker } from '@smcp/codemode';
import {
  createJavaScriptEngine,
  SandboxError,
  type Containment,
  type ContainmentSetting,
} from '@smcp/sandbox';
import type { Finding } from './finding.ts';

const INSTALL = 'install bubblewrap with the package manager, such as: apt-get install bubblewrap';

export interface SandboxWanted {
  readonly containment: ContainmentSetting;
  readonly level: Containment['level'];
  /** Whether the gateway is configured to run scripts. */
  readonly needed: boolean;
}

/** Starts what runs scripts as the gateway does, which proves that they are contained, and ends it again. */
export async function checkSandbox(wanted: SandboxWanted, searchPath: string | undefined): Promise<Finding> {
  const { containment, level } = wanted;
  await using engine = createJavaScriptEngine({ containment, level, pool: { warm: 0 }, searchPath });
  try {
    await engine.ready();
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return judgeSandbox(wanted, { ok: false, reason: error.message });
  }
  return judgeSandbox(wanted, { ok: true, containment: engine.containment });
}

/** What a self-test of the engine says about this machine. */
export function judgeSandbox(
  { needed, containment }: SandboxWanted,
  tested:
    | { readonly ok: true; readonly containment: Containment }
    | { readonly ok: false; readonly reason: string },
): Finding {
  const about = { what: 'script sandbox', purpose: 'contains scripts', needed } as const;
  if (!tested.ok) {
    const remedy =
      containment === 'required'
        ? `${INSTALL}; or say containment: auto, which is weaker`
        : 'no script is run until this is mended';
    return { ...about, status: 'missing', detail: `the self-test failed: ${tested.reason}`, remedy };
  }
  const { layers, level } = tested.containment;
  const active = layers.filter((layer) => layer.active).map(({ name }) => name);
  const detail = `${level}; self-test passed: ${active.join(', ')}`;
  const weak = layers.filter((layer) => !layer.active);
  if (weak.length === 0) return { ...about, status: 'ok', detail };
  const remedy = weak.map(({ name, note }) => `${name} is not active: ${note}`).join('; ');
  return { ...about, status: 'warning', detail, remedy };
}

/** Checks a small script with the compiler that checks all of them. */
export async function checkCompiler(
  needed: boolean,
  create: () => ScriptChecker = createScriptChecker,
): Promise<Finding> {
  const about = { what: 'script check', purpose: 'types before a script runs', needed } as const;
  await using checker = create();
  try {
    const reply = await checker.check({
      name: 'doctor.ts',
      language: 'typescript',
      code: 'const wrong: number = "text";',
      declarations: [],
    });
    if (!reply.ok) return { ...about, status: 'ok', detail: 'finds mistakes' };
    return { ...about, status: 'missing', detail: 'a wrong script was found right', remedy: REINSTALL };
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'it failed';
    return { ...about, status: 'missing', detail, remedy: REINSTALL };
  }
}

const REINSTALL =
  'install smcp again with its optional packages; or say check: false, and mistakes show when calls are made';
