import type { Request } from 'express';
import { TrucError } from '../kernel/index.ts';

/** Bytes of request bodies that are in memory at the moment, over all requests. */
export interface BodyBudget {
  /** Largest body, bytes. */
  limit: number;
  /** Most bytes in memory at once; a request beyond it is asked to come again. */
  total: number;
  used: number;
}

/**
 * The whole body as bytes, counted while it streams in.
 * @throws TrucError `intake.too-large` as soon as the limit is passed, `exchange.overloaded` when memory is short
 */
export async function readBody(request: Request, budget: BodyBudget): Promise<Buffer> {
  const announced = Number(request.get('content-length') ?? 0);
  if (announced > budget.limit)
    throw new TrucError('intake.too-large', { limit: budget.limit, size: announced });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      budget.used += chunk.length;
      if (size > budget.limit) throw new TrucError('intake.too-large', { limit: budget.limit, size });
      if (budget.used > budget.total) throw new TrucError('exchange.overloaded', {});
      chunks.push(chunk);
    }
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
  } finally {
    budget.used -= size;
  }
}

/** The media type of a request without parameters, lower case. */
export function mediaType(request: Request): string {
  return (request.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
