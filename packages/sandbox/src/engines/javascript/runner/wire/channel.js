import { Socket } from 'node:net';
import { encodeFrame, FrameReader } from './frames.js';

/**
 * The way to the host: messages over one descriptor.
 *
 * @param {object} options
 * @param {number} options.fd
 * @param {(message: import('../../../../wire/messages.ts').ToRunner) => void} options.onMessage The host is trusted to send nothing else.
 * @param {() => void} options.onClosed When the host is gone, or sent what is no message. Called once or more.
 */
export function openChannel({ fd, onMessage, onClosed }) {
  const socket = new Socket({ fd, readable: true, writable: true });
  const reader = new FrameReader();
  socket.on('data', (chunk) => {
    let messages;
    try {
      messages = reader.push(chunk);
    } catch {
      // The host never sends this: whatever is at the other end is none.
      onClosed();
      return;
    }
    messages.forEach(onMessage);
  });
  socket.on('end', onClosed);
  socket.on('error', onClosed);
  socket.on('close', onClosed);
  return {
    /**
     * @param {object} message
     * @returns {boolean} False when it is too long to be sent; then nothing was.
     */
    send(message) {
      const frame = encodeFrame(message);
      if (frame !== undefined) {
        socket.write(frame);
      }
      return frame !== undefined;
    },
    /**
     * Calls back when all that was sent is on its way, or after a while when the host does not read it.
     *
     * @param {() => void} done
     * @param {number} patienceMs
     */
    finish(done, patienceMs) {
      setTimeout(done, patienceMs);
      socket.end(done);
    },
  };
}
