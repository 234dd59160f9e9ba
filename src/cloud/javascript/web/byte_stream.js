// Bytes that are all there, as a stream; and back.
import { packaged } from '../core/packages.js';

export const streamOf = (bytes) =>
  new (packaged('web_streams').ReadableStream)({
    start(controller) {
      if (bytes.length) controller.enqueue(new Uint8Array(bytes));
      controller.close();
    },
  });

export const isStream = (value) => typeof value?.getReader === 'function';

export async function bytesOfStream(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}
