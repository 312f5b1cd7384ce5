/** One instruction of the classic packet filter that seccomp runs over a system call. */
export interface Instruction {
  readonly code: number;
  /** Instructions to skip when a test holds. */
  readonly ifTrue: number;
  /** Instructions to skip when it does not. */
  readonly ifFalse: number;
  readonly value: number;
}

const LOAD_WORD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const JUMP_IF_ANY_BIT = 0x45;
const RETURN = 0x06;

const INSTRUCTION_BYTES = 8;

/** Loads four bytes of the description of the call. */
export function load(offset: number): Instruction {
  return { code: LOAD_WORD, ifTrue: 0, ifFalse: 0, value: offset };
}

/** Goes on with the next instruction when equal, else skips so many. */
export function unlessEqualSkip(value: number, skip: number): Instruction {
  return { code: JUMP_IF_EQUAL, ifTrue: 0, ifFalse: skip, value };
}

export function skipIfEqual(value: number, skip: number): Instruction {
  return { code: JUMP_IF_EQUAL, ifTrue: skip, ifFalse: 0, value };
}

/** Goes on with the next instruction when at least so large, else skips so many. */
export function unlessAtLeastSkip(value: number, skip: number): Instruction {
  return { code: JUMP_IF_AT_LEAST, ifTrue: 0, ifFalse: skip, value };
}

/** Goes on with the next instruction when any of these bits is set, else skips so many. */
export function unlessAnyBitSkip(bits: number, skip: number): Instruction {
  return { code: JUMP_IF_ANY_BIT, ifTrue: 0, ifFalse: skip, value: bits };
}

export function give(action: number): Instruction {
  return { code: RETURN, ifTrue: 0, ifFalse: 0, value: action };
}

/** The filter as `struct sock_filter[]`, little-endian as on all machines that we assemble for. */
export function assemble(instructions: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(instructions.length * INSTRUCTION_BYTES);
  for (const [index, { code, ifTrue, ifFalse, value }] of instructions.entries()) {
    const at = index * INSTRUCTION_BYTES;
    bytes.writeUInt16LE(code, at);
    bytes.writeUInt8(ifTrue, at + 2);
    bytes.writeUInt8(ifFalse, at + 3);
    bytes.writeUInt32LE(value >>> 0, at + 4);
  }
  return bytes;
}
