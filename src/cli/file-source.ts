import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { TrucError } from '../kernel/index.ts';
import { type ByteReader, ByteSource } from '../verification/index.ts';

/** Files up to this size are read whole: faster, and it is what a process needs anyway. Octets. */
const WHOLE = 16 * 1024 * 1024;

/** A file that is being judged. */
export interface OpenFile {
  source: ByteSource;
  /** Ends the reading. @throws TrucError `cli.file-changed` when what was read was no single state of the file */
  close(): void;
}

/**
 * Opens a file for a verdict: small ones and what is no plain file (pipes) in memory, larger ones piece by piece.
 * @throws TrucError `cli.unreadable`
 */
export function openFile(path: string): OpenFile {
  try {
    const { size } = statSync(path);
    if (size > WHOLE) return openLarge(path);
    return { source: ByteSource.of(readFileSync(path)), close: () => undefined };
  } catch (error) {
    throw new TrucError('cli.unreadable', { file: path }, error);
  }
}

function openLarge(path: string): OpenFile {
  const file = openSync(path, 'r');
  const before = stateOf(file);
  const reader: ByteReader = {
    length: fstatSync(file).size,
    read(target, at) {
      for (let done = 0; done < target.length; ) {
        const count = readSync(file, target, done, target.length - done, at + done);
        if (count === 0) throw new TrucError('cli.file-changed', { file: path });
        done += count;
      }
    },
  };
  const close = () => {
    const after = stateOf(file);
    closeSync(file);
    if (after !== before) throw new TrucError('cli.file-changed', { file: path });
  };
  return { source: ByteSource.over(reader), close };
}

/** Changes with every write to the file; a clock that is set back would have to hit the same nanosecond. */
function stateOf(file: number): string {
  const { size, mtimeNs, ctimeNs } = fstatSync(file, { bigint: true });
  return `${size} ${mtimeNs} ${ctimeNs}`;
}
