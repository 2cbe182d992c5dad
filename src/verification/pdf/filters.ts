import { inflateSync } from 'node:zlib';
import { systemCode, TrucError } from '../../kernel/index.ts';
import { spendOnDigest, spendOnUnpacked } from '../work.ts';
import type { PdfCode } from './codes.ts';
import { isDictionary, isName, type PdfDictionary, type PdfStream, type PdfValue } from './objects.ts';

/** What one cross-reference or object stream may unpack to. */
const MAX_DECODED = 16 * 1024 * 1024;
/** DEFLATE adds five octets to 65,535 that it cannot pack: a longer stream only wants to be long. */
const MAX_ENCODED = MAX_DECODED + 65_536;

/**
 * The decoded bytes of a stream that is stored plain or with one FlateDecode (ISO 32000-2 §7.4.4), predictors included.
 * @throws TrucError `pdf.filter-unsupported`, `pdf.object-malformed`, `pdf.limit-exceeded`, `verification.limit-exceeded`
 */
export function decodeStream(stream: PdfStream): Buffer {
  const filter = single(stream.dictionary.entries.get('Filter'));
  const length = stream.to - stream.from;
  if (length > MAX_ENCODED) throw new TrucError<PdfCode>('pdf.limit-exceeded', { offset: stream.from });
  spendOnDigest(length);
  const encoded = stream.source.slice(stream.from, stream.to);
  if (filter === undefined || filter === null) return encoded;
  if (!isName(filter, 'FlateDecode')) throw new TrucError<PdfCode>('pdf.filter-unsupported');
  const inflated = inflate(encoded);
  spendOnUnpacked(inflated.length);
  const parameters = single(stream.dictionary.entries.get('DecodeParms'));
  if (parameters === undefined || parameters === null) return inflated;
  if (!isDictionary(parameters)) throw new TrucError<PdfCode>('pdf.object-malformed');
  return unpredict(inflated, parameters);
}

function single(value: PdfValue | undefined): PdfValue | undefined {
  if (!Array.isArray(value)) return value;
  if (value.length > 1) throw new TrucError<PdfCode>('pdf.filter-unsupported');
  return value[0];
}

function inflate(data: Buffer): Buffer {
  try {
    return inflateSync(data, { maxOutputLength: MAX_DECODED });
  } catch (error) {
    const tooLarge = systemCode(error) === 'ERR_BUFFER_TOO_LARGE';
    throw new TrucError<PdfCode>(tooLarge ? 'pdf.limit-exceeded' : 'pdf.object-malformed', {}, error);
  }
}

function parameter(parameters: PdfDictionary, name: string, fallback: number): number {
  const value = parameters.entries.get(name) ?? fallback;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 4096) {
    throw new TrucError<PdfCode>('pdf.object-malformed', { parameter: name });
  }
  return value;
}

function unpredict(data: Buffer, parameters: PdfDictionary): Buffer {
  const predictor = parameter(parameters, 'Predictor', 1);
  if (predictor === 1) return data;
  if (predictor < 10 || predictor > 15) throw new TrucError<PdfCode>('pdf.filter-unsupported');
  const colors = parameter(parameters, 'Colors', 1);
  const bits = parameter(parameters, 'BitsPerComponent', 8);
  const columns = parameter(parameters, 'Columns', 1);
  const pixel = Math.max(1, (colors * bits) >> 3);
  const row = Math.ceil((colors * bits * columns) / 8);
  const rows = Math.ceil(data.length / (row + 1));
  const out = Buffer.alloc(rows * row);
  for (let r = 0; r < rows; r++) unpredictRow(data, out, r, row, pixel);
  return out;
}

/** PNG row filters (ISO/IEC 15948 §9). */
function unpredictRow(data: Buffer, out: Buffer, r: number, row: number, pixel: number): void {
  const type = data[r * (row + 1)] ?? 0;
  if (type > 4) throw new TrucError<PdfCode>('pdf.object-malformed');
  const from = r * (row + 1) + 1;
  const to = r * row;
  for (let i = 0; i < row; i++) {
    const left = i >= pixel ? (out[to + i - pixel] ?? 0) : 0;
    const up = r > 0 ? (out[to + i - row] ?? 0) : 0;
    const corner = i >= pixel && r > 0 ? (out[to + i - row - pixel] ?? 0) : 0;
    out[to + i] = ((data[from + i] ?? 0) + predict(type, left, up, corner)) & 0xff;
  }
}

function predict(type: number, left: number, up: number, corner: number): number {
  if (type === 0) return 0;
  if (type === 1) return left;
  if (type === 2) return up;
  return type === 3 ? (left + up) >> 1 : paeth(left, up, corner);
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
