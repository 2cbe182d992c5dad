/** One value of DER (X.690 §10): definite lengths in their shortest form, nothing left over. */
export interface Der {
  tag: number;
  body: Uint8Array;
  /** Tag, length and body. */
  whole: Uint8Array;
}

export const TAG = { oid: 0x06, octets: 0x04, sequence: 0x30, set: 0x31 } as const;

/** The values that follow each other in the bytes. @returns null where they are not strict DER */
export function derList(bytes: Uint8Array): Der[] | null {
  const list: Der[] = [];
  let at = 0;
  while (at < bytes.length) {
    const one = derAt(bytes, at);
    if (!one) return null;
    list.push(one);
    at += one.whole.length;
  }
  return list;
}

/** The one value that the bytes are. */
export function derOnly(bytes: Uint8Array, tag: number): Der | null {
  const list = derList(bytes);
  return list?.length === 1 && list[0]?.tag === tag ? list[0] : null;
}

/** Tags of more than one byte occur nowhere in what is read here. */
function derAt(bytes: Uint8Array, at: number): Der | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
  const length = lengthAt(bytes, at + 1, first);
  if (!length) return null;
  const start = at + 1 + length.octets;
  const end = start + length.value;
  if (end > bytes.length) return null;
  return { tag, body: bytes.subarray(start, end), whole: bytes.subarray(at, end) };
}

function lengthAt(bytes: Uint8Array, at: number, first: number): { value: number; octets: number } | null {
  if (first < 0x80) return { value: first, octets: 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 3) return null;
  let value = 0;
  for (let i = 1; i <= count; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return null;
    value = value * 256 + byte;
  }
  const shortest = value >= 0x80 && value >= 256 ** (count - 1);
  return shortest ? { value, octets: 1 + count } : null;
}

/** Order of a DER SET OF: as octet strings (X.690 §11.6). */
export function compareOctets(one: Uint8Array, other: Uint8Array): number {
  const shared = Math.min(one.length, other.length);
  for (let i = 0; i < shared; i++) {
    const difference = (one[i] as number) - (other[i] as number);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
