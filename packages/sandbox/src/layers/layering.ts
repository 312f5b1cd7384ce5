import { wrapInBubblewrap, type Bubblewrap } from './bubblewrap.ts';
import type { Command, Identity, Program } from './program.ts';
import { withResourceLimits, type ResourceLimits } from './resource-limits.ts';

/** The layers that are put around each program, innermost last. */
export interface Layering {
  /** Undefined where there is no shell to set them. */
  readonly limits: ResourceLimits | undefined;
  readonly bubblewrap: Bubblewrap | undefined;
  /** The filter; only together with bubblewrap, which loads it. */
  readonly filter: Buffer | undefined;
  /** Whom the program runs as, when we are root. */
  readonly identity: Identity | undefined;
}

/** How to start a program behind these layers. */
export function commandOf(program: Program, layering: Layering): Command {
  const { bubblewrap, limits, identity } = layering;
  const plain = [program.executable, ...program.flags, program.entry, ...program.args];
  const contained = bubblewrap === undefined ? plain : wrapInBubblewrap(program, bubblewrap);
  const [file = '', ...args] = limits === undefined ? contained : withResourceLimits(contained, limits);
  return { file, args, identity, filter: bubblewrap?.seccomp === true ? layering.filter : undefined };
}
