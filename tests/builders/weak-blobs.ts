import type { BlobStore } from '../../src/document/index.ts';
import { sha256Hex, TrucError } from '../../src/kernel/index.ts';
import { later } from './weak-port.ts';

const CHUNK = 1000;

/** Bytes in memory, under names that count up; streams in small pieces. */
export function weakBlobs(): BlobStore {
  const kept = new Map<string, Buffer>();
  let last = 0;
  const keep = async (bytes: Buffer) => {
    await later();
    const ref = `weak-${++last}`;
    kept.set(ref, bytes);
    await later();
    return ref;
  };
  const found = (ref: string) => {
    const bytes = kept.get(ref);
    if (!bytes) throw new TrucError('document.blob-missing', { ref });
    return bytes;
  };
  return {
    put: ({ bytes }) => keep(Buffer.from(bytes)),
    putStream: async (chunks) => {
      const parts: Buffer[] = [];
      for await (const chunk of chunks) parts.push(Buffer.from(chunk));
      const bytes = Buffer.concat(parts);
      return { ref: await keep(bytes), sha256: sha256Hex(bytes), size: bytes.length };
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
  };
}
