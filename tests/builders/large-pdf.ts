import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { keySigner, signCms } from '../../src/signing/index.ts';
import { stampAt } from './pdf.ts';
import { TEST_NOW, testPki } from './pki.ts';

const CONTENTS = 16_384;
const IN_STREAM = 200;
const RANGE_WIDTH = 40;

export interface LargePdf {
  /** Octets of all page contents together, spread over `streams` streams; they are holes of the file. */
  size: number;
  streams: number;
  /** Small objects beside them. */
  objects: number;
  /** How the file finds its objects: a table, or object streams and a cross-reference stream. */
  form: 'table' | 'stream';
}

/** Writes a file from its beginning and digests it; zeros are left out, so that they take neither time nor disk. */
class Writer {
  position = 0;
  private readonly file: number;
  private readonly hash: Hash = createHash('sha256');

  constructor(path: string) {
    this.file = openSync(path, 'w');
  }

  text(text: string | Buffer): void {
    const bytes = Buffer.from(text as string, 'latin1');
    this.hash.update(bytes);
    this.unsigned(bytes);
  }

  zeros(count: number): void {
    const block = Buffer.alloc(1_048_576);
    for (let left = count; left > 0; left -= block.length)
      this.hash.update(left < block.length ? block.subarray(0, left) : block);
    this.position += count;
  }

  /** Octets that the signature leaves out. */
  unsigned(bytes: Buffer, at: number = this.position): void {
    writeSync(this.file, bytes, 0, bytes.length, at);
    this.position = Math.max(this.position, at + bytes.length);
  }

  digest(): Buffer {
    return this.hash.digest();
  }

  close(): void {
    ftruncateSync(this.file, this.position);
    closeSync(this.file);
  }
}

const SIGNATURE = 5;
const INFO = 6;
const FIRST_STREAM = 10;

/** A PDF of any size with one PAdES B-T signature of the test PKI's chairman over all of it, written without being in memory. */
export async function writeLargePdf(path: string, order: LargePdf): Promise<void> {
  const out = new Writer(path);
  const entries = new Map<number, Entry>();
  const put = (num: number, body: string) => {
    entries.set(num, { offset: out.position });
    out.text(`${num} 0 obj\n${body}\nendobj\n`);
  };
  out.text('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n');
  for (let i = 0; i < order.streams; i++) {
    const length = Math.floor(order.size / order.streams);
    entries.set(FIRST_STREAM + i, { offset: out.position });
    out.text(`${FIRST_STREAM + i} 0 obj\n<< /Length ${length} >>\nstream\n`);
    out.zeros(length);
    out.text('\nendstream\nendobj\n');
  }
  const small = smallObjects(order);
  if (order.form === 'table') for (const [num, body] of small) put(num, body);
  else packed(small, entries, put);
  entries.set(SIGNATURE, { offset: out.position });
  out.text(
    `${SIGNATURE} 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Contents `,
  );
  await sign(out, (start) => trailer(order.form, entries, start));
  out.close();
}

/** `stream` set: the object is number `offset` of that object stream. */
interface Entry {
  offset: number;
  stream?: number;
}

function smallObjects({ streams, objects }: LargePdf): [number, string][] {
  const contents = Array.from({ length: streams }, (_, i) => `${FIRST_STREAM + i} 0 R`).join(' ');
  const first = FIRST_STREAM + streams;
  return [
    [1, '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] /SigFlags 3 >> >>'],
    [2, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'],
    [3, `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents [${contents}] /Annots [4 0 R] >>`],
    [4, `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Large) /V ${SIGNATURE} 0 R /P 3 0 R /Rect [0 0 0 0] /F 132 >>`],
    [INFO, '<< /Title (Ho so) >>'],
    ...Array.from({ length: objects }, (_, i): [number, string] => [first + i, `<< /Number ${i} >>`]),
  ]; // biome-ignore format: one object a line
}

function packed(
  small: readonly [number, string][],
  entries: Map<number, Entry>,
  put: (num: number, body: string) => void,
): void {
  let num = Math.max(...entries.keys(), ...small.map(([one]) => one)) + 1;
  for (let i = 0; i < small.length; i += IN_STREAM) {
    const group = small.slice(i, i + IN_STREAM);
    let at = 0;
    const numbers = group.map(([one, body], index) => {
      entries.set(one, { offset: index, stream: num });
      at += body.length + 1;
      return `${one} ${at - body.length - 1}`;
    });
    const head = `${numbers.join(' ')}\n`;
    const data = `${head}${group.map(([, body]) => body).join('\n')}\n`;
    put(
      num,
      `<< /Type /ObjStm /N ${group.length} /First ${head.length} /Length ${data.length} >>\nstream\n${data}\nendstream`,
    );
    num += 1;
  }
}

async function sign(out: Writer, trailerAt: (position: number) => string): Promise<void> {
  const open = out.position;
  const close = open + CONTENTS * 2 + 2;
  const rest = (range: string) => ` /ByteRange ${range.padEnd(RANGE_WIDTH)} >>\nendobj\n`;
  const at = close + rest('').length;
  const tail = trailerAt(at);
  const length = at - close + Buffer.byteLength(tail, 'latin1');
  out.position = close;
  out.text(rest(`[0 ${open} ${close} ${length}]`));
  out.text(tail);
  const { certificate, key } = (await testPki()).entity('official-chairman');
  const digest = out.digest();
  const cms = await signCms({ digest, signer: keySigner(certificate, key), timestamp: stampAt(TEST_NOW) });
  const digits = cms.toString('hex').padEnd(CONTENTS * 2, '0');
  out.unsigned(Buffer.from(`<${digits}>`, 'latin1'), open);
}

function trailer(form: LargePdf['form'], entries: ReadonlyMap<number, Entry>, start: number): string {
  const size = Math.max(...entries.keys()) + 1;
  const names = `/Root 1 0 R /Info ${INFO} 0 R`;
  const end = `startxref\n${start}\n%%EOF\n`;
  const runs = runsOf([...entries.keys()].sort((a, b) => a - b));
  if (form === 'table') {
    const lines = runs.flatMap((run) => [
      `${run[0]} ${run.length}`,
      ...run.map((num) => `${String(entries.get(num)?.offset).padStart(10, '0')} 00000 n `),
    ]);
    return `xref\n${lines.join('\n')}\ntrailer\n<< /Size ${size} ${names} >>\n${end}`;
  }
  const data = Buffer.alloc(entries.size * 7);
  for (const [i, num] of runs.flat().entries()) {
    const { offset, stream } = entries.get(num) as Entry;
    data.writeUInt8(stream === undefined ? 1 : 2, i * 7);
    data.writeUInt32BE(stream ?? offset, i * 7 + 1);
    data.writeUInt16BE(stream === undefined ? 0 : offset, i * 7 + 5);
  }
  const index = runs.map((run) => `${run[0]} ${run.length}`).join(' ');
  const head = `<< /Type /XRef /Size ${size + 1} ${names} /W [1 4 2] /Index [${index}] /Length ${data.length} >>`;
  return `${size} 0 obj\n${head}\nstream\n${data.toString('latin1')}\nendstream\nendobj\n${end}`;
}

function runsOf(numbers: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const num of numbers) {
    const last = runs.at(-1);
    if (last && (last.at(-1) as number) + 1 === num) last.push(num);
    else runs.push([num]);
  }
  return runs;
}

/** Appends an update that renames the document, which a verdict allows with a warning, or changes page contents, which it does not. */
export function appendUpdate(path: string, change: 'title' | 'contents'): void {
  const file = openSync(path, 'r+');
  const length = fstatSync(file).size;
  const tail = Buffer.alloc(100);
  readSync(file, tail, 0, tail.length, length - tail.length);
  const prev = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(tail.toString('latin1'))?.[1]);
  const [num, body] =
    change === 'title'
      ? [INFO, '<< /Title (Ho so moi) >>']
      : [FIRST_STREAM, '<< /Length 1 >>\nstream\nq\nendstream'];
  const object = `${num} 0 obj\n${body}\nendobj\n`;
  const start = length + object.length;
  const offset = String(length).padStart(10, '0');
  const end = `/Root 1 0 R /Info ${INFO} 0 R /Prev ${prev} >>\nstartxref\n${start}\n%%EOF\n`;
  const update = `${object}xref\n${num} 1\n${offset} 00000 n \ntrailer\n<< /Size 9000000 ${end}`;
  writeSync(file, update, length, 'latin1');
  closeSync(file);
}
