import fc from 'fast-check';

/** Up to eight edits of a file: bytes flipped, cut out, doubled, put in, or the rest cut off. */
export function mutationsOf(original: Uint8Array): fc.Arbitrary<Buffer> {
  const edit = fc.record({
    kind: fc.constantFrom('flip', 'cut', 'double', 'insert', 'end'),
    at: fc.nat({ max: Math.max(0, original.length - 1) }),
    length: fc.integer({ min: 1, max: 40 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
  });
  return fc
    .array(edit, { minLength: 1, maxLength: 8 })
    .map((edits) => edits.reduce(edited, Buffer.from(original)));
}

interface Edit {
  kind: 'flip' | 'cut' | 'double' | 'insert' | 'end';
  at: number;
  length: number;
  bytes: Uint8Array;
}

function edited(file: Buffer, { kind, at, length, bytes }: Edit): Buffer {
  const [before, after] = [file.subarray(0, at), file.subarray(at)];
  if (kind === 'cut') return Buffer.concat([before, after.subarray(length)]);
  if (kind === 'double') return Buffer.concat([before, after.subarray(0, length), after]);
  if (kind === 'insert') return Buffer.concat([before, bytes, after]);
  if (kind === 'end') return Buffer.from(before);
  const copy = Buffer.from(file);
  if (at < copy.length) copy[at] = (copy[at] as number) ^ (bytes[0] || 1);
  return copy;
}
