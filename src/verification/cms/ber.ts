const DEEPEST = 40;
const OCTET_STRING = 0x04;

interface Element {
  tag: number;
  /** Contents of a primitive element. */
  body: Uint8Array | null;
  /** Elements inside a constructed one. */
  inside: Element[];
}

interface State {
  bytes: Uint8Array;
  at: number;
  /** Elements that may still be read: a bound on the work. */
  left: number;
}

/**
 * Rewrites BER (X.690 §8: indefinite and long-winded lengths, octet strings in pieces) as DER lengths and pieces.
 * Order of sets and values of primitive types stay as they are.
 * @param zeroPadded accept zero octets after the value
 * @returns the bytes, or null where they are not BER either or are too deep or too many
 */
export function berToDer(bytes: Uint8Array, zeroPadded: boolean): Uint8Array | null {
  const state: State = { bytes, at: 0, left: 50_000 };
  const element = readElement(state, bytes.length, 0);
  if (!element) return null;
  const rest = bytes.subarray(state.at);
  if (rest.length > 0 && !(zeroPadded && rest.every((byte) => byte === 0))) return null;
  return Buffer.concat(write(element));
}

function readElement(state: State, limit: number, depth: number): Element | null {
  const { bytes } = state;
  if (depth > DEEPEST || --state.left < 0 || state.at + 2 > limit) return null;
  const tag = bytes[state.at] as number;
  if ((tag & 0x1f) === 0x1f) return null;
  state.at++;
  const length = readLength(state, limit);
  if (length === null) return null;
  const constructed = (tag & 0x20) !== 0;
  if (length === -1) return constructed ? readInside(state, tag, limit, depth, true) : null;
  if (constructed) return readInside(state, tag, state.at + length, depth, false);
  const body = bytes.subarray(state.at, state.at + length);
  state.at += length;
  return { tag, body, inside: [] };
}

/** Octets of the contents, -1 for the indefinite form, null where it is broken. */
function readLength(state: State, limit: number): number | null {
  const first = state.bytes[state.at++] as number;
  if (first === 0x80) return -1;
  let length = first;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 8 || state.at + count > limit) return null;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (state.bytes[state.at++] as number);
  }
  return state.at + length <= limit ? length : null;
}

function readInside(
  state: State,
  tag: number,
  end: number,
  depth: number,
  indefinite: boolean,
): Element | null {
  const inside: Element[] = [];
  for (;;) {
    if (indefinite && state.bytes[state.at] === 0 && state.bytes[state.at + 1] === 0 && state.at + 2 <= end) {
      state.at += 2;
      break;
    }
    if (state.at >= end) {
      if (indefinite) return null;
      break;
    }
    const child = readElement(state, end, depth + 1);
    if (!child) return null;
    inside.push(child);
  }
  const pieces = tag === (OCTET_STRING | 0x20);
  if (!pieces) return { tag, body: null, inside };
  if (inside.some((piece) => piece.tag !== OCTET_STRING)) return null;
  return {
    tag: OCTET_STRING,
    body: Buffer.concat(inside.map((piece) => piece.body as Uint8Array)),
    inside: [],
  };
}

function write(element: Element): Uint8Array[] {
  const contents = element.body ? [element.body] : element.inside.flatMap(write);
  const length = contents.reduce((sum, part) => sum + part.length, 0);
  return [header(element.tag, length), ...contents];
}

function header(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(tag, 0x80 + octets.length, ...octets);
}
