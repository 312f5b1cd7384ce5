/** A program of ours to be run behind the layers, in terms of this machine. */
export interface Program {
  /** Absolute path of the executable. */
  readonly executable: string;
  /** Arguments before the entry file. */
  readonly flags: readonly string[];
  /** Absolute path of the file it runs; it lies in one of the mounts. */
  readonly entry: string;
  /** Arguments after the entry file. */
  readonly args: readonly string[];
  /** Everything that it reads besides the executable and the shared libraries. */
  readonly mounts: readonly Mount[];
}

/** A file or folder of this machine, and where a contained program finds it. */
export interface Mount {
  readonly from: string;
  readonly to: string;
}

/** How a program is started, ready to be spawned. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** User and group to become; undefined to stay who we are. */
  readonly identity: Identity | undefined;
  /** What is written into descriptor 4, which is closed then; undefined when there is none. */
  readonly filter: Buffer | undefined;
}

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Descriptor over which host and runner talk. */
export const CHANNEL_FD = 3;
/** Descriptor over which bubblewrap reads the seccomp filter. */
export const FILTER_FD = 4;
