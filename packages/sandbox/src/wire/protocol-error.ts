/** A runner said what no runner says. Nothing it says later is listened to: it is killed. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}
