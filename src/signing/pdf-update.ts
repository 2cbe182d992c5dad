import { sha256, TrucError } from '../kernel/index.ts';
import { PdfFile, type PdfValue, stringBytes } from '../verification/index.ts';
import type { SigningErrorCode } from './errors.ts';

/**
 * Opens a PDF for an incremental update.
 * @throws TrucError `signing.pdf-not-usable` when it is encrypted or its cross-reference chain is broken
 */
export function openPdf(bytes: Buffer): PdfFile {
  let file: PdfFile;
  try {
    file = new PdfFile(bytes);
    file.catalog(file.latest);
  } catch (error) {
    throw new TrucError<SigningErrorCode>('signing.pdf-not-usable', {}, error);
  }
  if (file.revisions.some((revision) => revision.trailer.entries.has('Encrypt'))) {
    throw new TrucError<SigningErrorCode>('signing.pdf-not-usable', { encrypted: true });
  }
  if (!file.blank(file.latest.end, bytes.length)) {
    throw new TrucError<SigningErrorCode>('signing.pdf-not-usable', { trailingBytes: true });
  }
  return file;
}

/** PDF syntax of a value; strings keep their original bytes. */
export function write(value: PdfValue): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return number(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(write).join(' ')}]`;
  if (value.kind === 'name') return writeName(value.name);
  if (value.kind === 'reference') return `${value.num} ${value.gen} R`;
  if (value.kind === 'string') return `<${stringBytes(value).toString('hex')}>`;
  if (value.kind === 'stream')
    throw new TrucError<SigningErrorCode>('signing.pdf-not-usable', { stream: true });
  return dictionary(Object.fromEntries([...value.entries].map(([key, item]) => [key, write(item)])));
}

/** A number as PDF writes it: never an exponent, at most four decimals. */
export function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(4).replace(/\.?0+$/, '');
}

export function writeName(name: string): string {
  const escaped = name.replace(/[^!-~]|[()<>[\]{}/%#]/g, (char) => {
    return `#${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `/${escaped}`;
}

/** A text string: ASCII as literal, everything else as UTF-16BE with its mark. */
export function text(value: string): string {
  if (/^[ -~]*$/.test(value)) return `(${value.replace(/[\\()]/g, '\\$&')})`;
  return `<feff${Buffer.from(value, 'utf16le').swap16().toString('hex')}>`;
}

/** `D:yyyyMMddHHmmss+07'00'` in Vietnam's time (ISO 32000-2 §7.9.4); `ms` since 1970. */
export function date(ms: number): string {
  const digits = new Date(ms + 7 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14);
  return `(D:${digits}+07'00')`;
}

/** A dictionary from names to PDF syntax; undefined values are left out. */
export function dictionary(entries: Readonly<Record<string, string | undefined>>): string {
  const parts = Object.entries(entries).flatMap(([key, value]) =>
    value === undefined ? [] : [`${writeName(key)} ${value}`],
  );
  return `<< ${parts.join(' ')} >>`;
}

/** An incremental update under construction: objects are added, then the whole file is built once. */
export class PdfUpdate {
  readonly file: PdfFile;
  private readonly bodies = new Map<number, Buffer>();
  private size: number;

  constructor(file: PdfFile) {
    this.file = file;
    const size = file.latest.trailer.entries.get('Size');
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 1) {
      throw new TrucError<SigningErrorCode>('signing.pdf-not-usable', { size: String(size) });
    }
    this.size = size;
  }

  /** A free object number. */
  reserve(): number {
    this.size += 1;
    return this.size - 1;
  }

  /** Defines an object (generation 0) by its syntax. */
  set(num: number, body: string | Buffer): void {
    this.bodies.set(num, typeof body === 'string' ? Buffer.from(body, 'latin1') : body);
  }

  /** Adds an object and returns the reference to it. */
  add(body: string | Buffer): string {
    const num = this.reserve();
    this.set(num, body);
    return `${num} 0 R`;
  }

  /** Adds a stream; `entries` without Length. */
  addStream(entries: Readonly<Record<string, string | undefined>>, data: Buffer): string {
    const head = `${dictionary({ ...entries, Length: String(data.length) })}\nstream\n`;
    return this.add(Buffer.concat([Buffer.from(head, 'latin1'), data, Buffer.from('\nendstream')]));
  }

  /** The generation under which a number must be rewritten. */
  private generation(num: number): number {
    const entry = this.file.define(num, this.file.latest)?.entry;
    return entry?.type === 'offset' ? entry.gen : 0;
  }

  /** The original bytes followed by the update. */
  build(): Buffer {
    const { source, latest } = this.file;
    const chunks: Buffer[] = [source.slice(0, latest.end)];
    let position = latest.end;
    const push = (chunk: Buffer) => {
      chunks.push(chunk);
      position += chunk.length;
    };
    if (latest.end === latest.eof) push(Buffer.from('\n'));
    const entries: { num: number; gen: number; offset: number }[] = [];
    for (const [num, body] of [...this.bodies].sort(([a], [b]) => a - b)) {
      const gen = this.generation(num);
      entries.push({ num, gen, offset: position });
      push(Buffer.from(`${num} ${gen} obj\n`));
      push(body);
      push(Buffer.from('\nendobj\n'));
    }
    push(
      latest.sections[0]?.kind === 'stream' ? this.stream(entries, position) : this.table(entries, position),
    );
    return Buffer.concat(chunks);
  }

  private trailer(entries: readonly { num: number; offset: number }[]): Record<string, string | undefined> {
    const old = this.file.latest.trailer.entries;
    const id = old.get('ID');
    const first = Array.isArray(id) ? id[0] : undefined;
    const seed = `${this.file.latest.end} ${entries.map(({ num, offset }) => `${num}:${offset}`).join(' ')}`;
    const fresh = sha256(Buffer.concat([Buffer.from(seed), ...this.bodies.values()])).toString('hex', 0, 16);
    return {
      Size: String(this.size),
      Root: write(old.get('Root') ?? null),
      Info: old.has('Info') ? write(old.get('Info') ?? null) : undefined,
      ID: first === undefined ? undefined : `[${write(first)} <${fresh}>]`,
      Prev: String(this.file.latest.sections[0]?.offset ?? 0),
    };
  }

  private table(entries: readonly { num: number; gen: number; offset: number }[], at: number): Buffer {
    const lines = ['xref'];
    for (const run of runs(entries)) {
      lines.push(`${run[0]?.num ?? 0} ${run.length}`);
      for (const { offset, gen } of run) {
        lines.push(`${String(offset).padStart(10, '0')} ${String(gen).padStart(5, '0')} n `);
      }
    }
    lines.push('trailer', dictionary(this.trailer(entries)), 'startxref', String(at), '%%EOF', '');
    return Buffer.from(lines.join('\n'), 'latin1');
  }

  /** A cross-reference stream without filter (ISO 32000-2 §7.5.8), for files whose newest section is one. */
  private stream(entries: readonly { num: number; gen: number; offset: number }[], at: number): Buffer {
    const num = this.reserve();
    const all = [...entries, { num, gen: 0, offset: at }];
    const data = Buffer.alloc(all.length * 7);
    for (const [i, { gen, offset }] of all.entries()) {
      data.writeUInt8(1, i * 7);
      data.writeUInt32BE(offset, i * 7 + 1);
      data.writeUInt16BE(gen, i * 7 + 5);
    }
    const head = dictionary({
      Type: '/XRef',
      W: '[1 4 2]',
      Index: `[${runs(all)
        .flatMap((run) => [run[0]?.num ?? 0, run.length])
        .join(' ')}]`,
      Length: String(data.length),
      ...this.trailer(entries),
    });
    return Buffer.concat([
      Buffer.from(`${num} 0 obj\n${head}\nstream\n`, 'latin1'),
      data,
      Buffer.from(`\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`),
    ]);
  }
}

/** Splits entries (sorted by number) into runs of consecutive numbers. */
function runs<T extends { num: number }>(entries: readonly T[]): T[][] {
  const result: T[][] = [];
  for (const entry of entries) {
    const last = result.at(-1);
    if (last && (last.at(-1)?.num ?? 0) + 1 === entry.num) last.push(entry);
    else result.push([entry]);
  }
  return result;
}
