import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { preparedChecks as browserChecks, type CheckInput } from '../../src/agent/index.ts';
import { registerDraft, type Stations } from '../../src/exchange/index.ts';
import { sha256, sha256Hex } from '../../src/kernel/index.ts';
import { latestOf, type PreparedRecord, type SignAction } from '../../src/signing/index.ts';
import { checkPrepared } from '../../web/signer/page/checks/checks.ts';
import { SignerError } from '../../web/signer/page/errors.ts';
import { Ceremonies, doneOf } from '../builders/ceremonies.ts';
import { type WeakAxis, type WeakWorld, weakWorld } from '../builders/weak-axis.ts';

const COMMUNE = 'H53.32.29';
let world: WeakWorld;
let axis: WeakAxis;
let x: Stations;
let commune: Ceremonies;

beforeAll(async () => {
  world = await weakWorld(COMMUNE, ['G09']);
  axis = await world.axis();
  x = await axis.start(axis.stores);
  commune = await new Ceremonies(world.pki, axis.as(COMMUNE), x, COMMUNE).begin();
});
afterAll(() => world.remove());

/** What the widget has in hand for one act on the newest version. */
async function inHand(documentId: string, action: SignAction): Promise<CheckInput> {
  const entity = commune.entityFor(action);
  const session = await commune.open({ documentIds: [documentId], action });
  const record = doneOf<PreparedRecord>((await commune.prepare(session, entity))[0]);
  const draft = await x.drafts.get(documentId);
  const version = draft ? latestOf(draft) : null;
  const { sha256: digest, size, tail, byteRange, toBeSigned } = record;
  return {
    shown: await x.blobs.read(version?.content ?? ''),
    expectedSha256: version?.sha256 ?? '',
    prepared: { sha256: digest, size, tail, byteRange, toBeSigned, code: codeOf(toBeSigned) },
    certificate: entity.certificate,
  };
}

/** Numbers of the checks, by the widget's code for the first one that fails. */
const NUMBER_OF: Record<string, number> = {
  E_DOC_HASH: 1, E_NOT_INCREMENT: 1, E_BYTERANGE: 2, E_HIDDEN_BYTES: 3, E_ACTIVE_CONTENT: 3, E_ATTRIBUTES: 4, E_DIGEST: 5,
  E_CERT_MISMATCH: 5, E_CODE: 6,
}; // biome-ignore format: a table

/**
 * What the contract's own reading says, with which the widget must agree: it refuses exactly what fails there, and for one
 * of the checks that fail there.
 */
async function failingChecks(input: CheckInput): Promise<number[]> {
  const failing = browserChecks(input);
  const widget = {
    ...input,
    shown: new Uint8Array(input.shown),
    certificate: new Uint8Array(input.certificate),
  };
  const refused = await checkPrepared(widget).then(
    () => null,
    (error: unknown) => (error instanceof SignerError ? (NUMBER_OF[error.code] ?? 0) : 0),
  );
  expect([failing, refused]).toEqual([failing, failing.length === 0 ? null : expect.any(Number)]);
  if (refused !== null) expect(failing).toContain(refused);
  return failing;
}

const codeOf = (toBeSigned: string) =>
  String(sha256(Buffer.from(toBeSigned, 'base64')).readUInt32BE() % 1_000_000).padStart(6, '0');

test('every act that the service prepares passes the six checks of the contract', async () => {
  const { documentId, letter } = await commune.letter();
  expect(await failingChecks(await inHand(documentId, 'initial'))).toEqual([]);
  expect(await failingChecks(await inHand(documentId, 'appendix'))).toEqual([]);
  expect(await failingChecks(await inHand(documentId, 'copy'))).toEqual([]);
  await commune.sign(documentId, { action: 'initial' });
  expect(await failingChecks(await inHand(documentId, 'approve'))).toEqual([]);
  await commune.sign(documentId);
  await commune.number(documentId, letter);
  expect(await failingChecks(await inHand(documentId, 'seal'))).toEqual([]);
});

describe('what other programs write', () => {
  /** A page of its own, with what writers put into catalogs and page names. */
  function pdf(crossReferences: 'table' | 'stream'): Buffer {
    const bodies = [
      '<< /Type /Catalog /Pages 2 0 R /OpenAction [3 0 R /XYZ null null 0] /Lang (vi-VN) >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F#20A 4 0 R >> >> >>',
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ];
    let text = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
    const offsets = bodies.map((body, i) => {
      const at = text.length;
      text += `${i + 1} 0 obj\n${body}\nendobj\n`;
      return at;
    });
    const start = text.length;
    if (crossReferences === 'table') {
      const rows = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
      text += `xref\n0 5\n0000000000 65535 f \n${rows}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
      return Buffer.from(text, 'latin1');
    }
    const rows = [[0, 0, 255], ...[...offsets, start].map((at) => [1, at, 0])].map(
      ([type = 0, at = 0, gen = 0]) => Buffer.from([type, at >> 8, at & 255, gen]),
    );
    const head = `5 0 obj\n<< /Type /XRef /Size 6 /Root 1 0 R /W [1 2 1] /Length ${rows.length * 4} >>\nstream\n`;
    return Buffer.concat([
      Buffer.from(text + head, 'latin1'),
      ...rows,
      Buffer.from(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`),
    ]);
  }

  test.each(['table', 'stream'] as const)(
    'with a cross-reference %s: checks, signature and verdict hold',
    async (kind) => {
      const upload = { bytes: pdf(kind), agency: null, reference: null, title: 'x' };
      const { documentId } = (await registerDraft(upload, axis.as(COMMUNE), x)).draft;
      expect(await failingChecks(await inHand(documentId, 'approve'))).toEqual([]);
      expect(await commune.sign(documentId)).toMatchObject({ version: 2 });
    },
  );
});

describe('a server that lies is found out', () => {
  let honest: CheckInput;
  beforeAll(async () => {
    honest = await inHand((await commune.letter()).documentId, 'approve');
  });

  const tail = (change: (text: string) => string): Partial<CheckInput['prepared']> => ({
    tail: Buffer.from(
      change(Buffer.from(honest.prepared.tail, 'base64').toString('latin1')),
      'latin1',
    ).toString('base64'),
  });
  const signed = (change: (bytes: Buffer) => Buffer): Partial<CheckInput['prepared']> => {
    const toBeSigned = change(Buffer.from(honest.prepared.toBeSigned, 'base64')).toString('base64');
    return { toBeSigned, code: codeOf(toBeSigned) };
  };
  const failing = (change: Partial<CheckInput['prepared']>, more: Partial<CheckInput> = {}) =>
    failingChecks({ ...honest, ...more, prepared: { ...honest.prepared, ...change } });
  const insert = (extra: string) => tail((text) => text.replace(' /SubFilter', ` ${extra} /SubFilter`));

  test('the honest answer passes', async () => {
    expect(await failing({})).toEqual([]);
  });

  test('another document, or another version of it, is not the one on screen', async () => {
    const shown = Buffer.concat([honest.shown, Buffer.from('\n')]);
    expect(await failing({}, { shown })).toContain(1);
    expect(await failing({ sha256: sha256Hex('another') })).toEqual([1]);
    expect(await failing({ size: honest.prepared.size - 1 })).toEqual([1]);
  });

  test('a byte range that leaves something out, overlaps, is doubled or told otherwise', async () => {
    const [, a = 0, b = 0, c = 0] = honest.prepared.byteRange ?? [];
    const range = (to: readonly number[], also = to) => {
      const written = `/ByteRange [${to.join(' ')}`;
      return {
        ...tail((text) => text.replace(/\/ByteRange \[[\d ]+/, (old) => written.padEnd(old.length))),
        byteRange: also,
      };
    };
    expect(await failing(range([0, a, b, c - 10]))).toContain(2);
    expect(await failing(range([10, a, b, c]))).toContain(2);
    expect(await failing(range([0, a - 20, b, c]))).toContain(2);
    expect(await failing(range([0, a, b - 20, c + 20]))).toContain(2);
    expect(await failing(range([0, a, b, c], [0, a, b, c - 1]))).toContain(2);
    expect(await failing(insert('/ByteRange [0 1 2 3]'))).toContain(2);
    expect(await failing(tail((text) => text.replace('<0000', '<0041')))).toContain(2);
    expect(await failing(tail((text) => `${text}trailing`))).toContain(2);
  });

  test('anything that acts, or hides, in the increment', async () => {
    const all = [
      '/JS (x)',
      '/Launch 1 0 R',
      '/URI (x)',
      '/AA << >>',
      '/J#53 (x)',
      '/OpenAction << /S /Named >>',
      '/OpenAction 5 0 R',
    ];
    for (const extra of [...all, '/Filter /FlateDecode', '/Type /ObjStm', '/Filter /Adobe.PPKLite'])
      expect([extra, await failing(insert(extra))]).toEqual([extra, expect.arrayContaining([3])]);
    expect(await failing(tail((text) => text.replace('endobj', '\u0080endobj')))).toContain(3);
  });

  test('attributes that are more, fewer, doubled or not canonical', async () => {
    const extra = Buffer.from('301806092a864886f70d010905310b1709323630333136', 'hex');
    expect(await failing(signed((bytes) => Buffer.concat([bytes, extra])))).toContain(4);
    expect(
      await failing(
        signed((bytes) => Buffer.concat([Buffer.from([0x31, 0x82]), lengthOf(bytes), bytes.subarray(3)])),
      ),
    ).toContain(4);
    expect(await failing(signed((bytes) => bytes.subarray(0, bytes.length - 1)))).toContain(4);
  });

  test('a digest of other bytes, another certificate, another code', async () => {
    const digestAt =
      Buffer.from(honest.prepared.toBeSigned, 'base64').indexOf(Buffer.from('0420', 'hex')) + 2;
    expect(
      await failing(
        signed((bytes) => {
          const copy = Buffer.from(bytes);
          copy[digestAt] = (copy[digestAt] ?? 0) ^ 1;
          return copy;
        }),
      ),
    ).toEqual([5]);
    expect(await failing({}, { certificate: commune.entityFor('seal').certificate })).toEqual([5]);
    const code = honest.prepared.code === '000000' ? '000001' : '000000';
    expect(await failing({ code })).toEqual([6]);
  });
});

/** A length in two octets, whatever it is. */
function lengthOf(set: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(set.length - 3);
  return length;
}
