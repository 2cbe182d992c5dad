import { type BlobStore, type ContentPeriod, periodOf } from '../../src/document/index.ts';
import { sha256Hex, systemClock, TrucError } from '../../src/kernel/index.ts';
import { later } from './weak-port.ts';

const CHUNK = 1000;

const periodIn = (ref: string): ContentPeriod => ref.slice(5, 12);

/** Bytes in memory, under names that count up; streams in small pieces. */
export function weakBlobs(): BlobStore {
  const kept = new Map<string, Buffer>();
  const dropped = new Set<ContentPeriod>();
  let last = 0;
  const keep = async (bytes: Buffer, period = periodOf(systemClock.now())) => {
    await later();
    if (dropped.has(period)) throw new TrucError('document.content-expired', { period });
    const ref = `weak-${period}-${++last}`;
    kept.set(ref, bytes);
    await later();
    return ref;
  };
  const found = (ref: string) => {
    const bytes = kept.get(ref);
    const period = periodIn(ref);
    if (dropped.has(period)) throw new TrucError('document.content-expired', { period });
    if (!bytes) throw new TrucError('document.blob-missing', { ref });
    return bytes;
  };
  return {
    put: ({ bytes, period }) => keep(Buffer.from(bytes), period),
    putStream: async (chunks, period) => {
      const parts: Buffer[] = [];
      for await (const chunk of chunks) parts.push(Buffer.from(chunk));
      const bytes = Buffer.concat(parts);
      return { ref: await keep(bytes, period), sha256: sha256Hex(bytes), size: bytes.length };
    },
    read: async (ref) => {
      await later();
      return Buffer.from(found(ref));
    },
    stream: async function* (ref) {
      await later();
      const bytes = found(ref);
      for (let at = 0; at < bytes.length; at += CHUNK) {
        yield Buffer.from(bytes.subarray(at, at + CHUNK));
        await later();
      }
    },
    destroy: async (ref) => {
      await later();
      kept.delete(ref);
    },
    periods: async () => {
      await later();
      const all = new Set([...[...kept.keys()].map(periodIn), ...dropped]);
      return [...all].sort().map((period) => ({ period, dropped: dropped.has(period) }));
    },
    dropPeriod: async (period) => {
      await later();
      dropped.add(period);
      for (const ref of kept.keys()) if (periodIn(ref) === period) kept.delete(ref);
      await later();
    },
  };
}
