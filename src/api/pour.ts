import type { Response } from 'express';
import { isTrucError } from '../kernel/index.ts';

/**
 * Sends bytes as they come and ends the answer. When the reader goes away, the source is ended too: what it holds open
 * would stay open for ever.
 * @throws TrucError from the source as long as nothing was sent; later the connection is cut
 */
export async function pour(chunks: AsyncIterable<Uint8Array>, response: Response): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (!response.write(chunk)) await drainedOrGone(response);
      if (response.destroyed) return;
    }
    response.end();
  } catch (error) {
    if (isTrucError(error) && !response.headersSent) throw error;
    response.destroy();
  }
}

function drainedOrGone(response: Response): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      response.off('drain', end).off('close', end);
      resolve();
    };
    response.once('drain', end).once('close', end);
  });
}
