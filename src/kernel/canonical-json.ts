import { TrucError } from './errors.ts';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/**
 * The canonical form of RFC 8785 (JCS) for the values that Trục signs and commits to.
 * Stricter than the RFC where two readings must never exist: numbers are safe integers, strings are NFC without
 * lone surrogates, no `undefined`.
 * @throws TrucError `kernel.not-canonical` with the path of the first value that has no canonical form.
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, '$');
}

function write(value: JsonValue, path: string): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return writeInteger(value, path);
  if (typeof value === 'string') return writeString(value, path);
  if (Array.isArray(value)) return `[${value.map((item, i) => write(item, `${path}[${i}]`)).join(',')}]`;
  if (typeof value !== 'object') throw new TrucError('kernel.not-canonical', { path });
  const record = value as { readonly [name: string]: JsonValue };
  // RFC 8785 §3.2.3 sorts names by UTF-16 code units, which is JavaScript's default order.
  const names = Object.keys(record).sort();
  return `{${names.map((name) => `${writeString(name, path)}:${write(record[name] as JsonValue, `${path}.${name}`)}`).join(',')}}`;
}

function writeInteger(value: number, path: string): string {
  if (!Number.isSafeInteger(value) || Object.is(value, -0))
    throw new TrucError('kernel.not-canonical', { path });
  return String(value);
}

function writeString(value: string, path: string): string {
  if (!value.isWellFormed() || value.normalize('NFC') !== value)
    throw new TrucError('kernel.not-canonical', { path });
  return JSON.stringify(value);
}
