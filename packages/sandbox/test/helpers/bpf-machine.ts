/** What seccomp hands to a filter. */
export interface SystemCall {
  readonly architecture: number;
  readonly number: number;
  /** Low halves of the first six arguments. */
  readonly args?: readonly number[];
}

/** Runs a filter over a system call as the kernel does, and gives what it returns. */
export function runFilter(filter: Buffer, { architecture, number, args = [] }: SystemCall): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number >>> 0, 0);
  data.writeUInt32LE(architecture >>> 0, 4);
  for (const [index, value] of args.entries()) {
    data.writeUInt32LE(value >>> 0, 16 + 8 * index);
  }
  let accumulator = 0;
  for (let at = 0; at < filter.length / 8; at += 1) {
    const code = filter.readUInt16LE(at * 8);
    const value = filter.readUInt32LE(at * 8 + 4);
    const skip = (holds: boolean): number => filter.readUInt8(at * 8 + (holds ? 2 : 3));
    switch (code) {
      case 0x20:
        accumulator = data.readUInt32LE(value);
        break;
      case 0x15:
        at += skip(accumulator === value);
        break;
      case 0x35:
        at += skip(accumulator >= value);
        break;
      case 0x45:
        at += skip((accumulator & value) !== 0);
        break;
      case 0x06:
        return value;
      default:
        throw new Error(`Instruction ${code} is not known`);
    }
  }
  throw new Error('The filter ends without an answer');
}
