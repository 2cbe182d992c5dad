import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { der } from '../../src/signing/index.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { ASIC_E, ASIC_S, type AsicFile, asic, asicManifest } from '../builders/asic.ts';
import { signatureStamp } from '../builders/forged-archive.ts';
import { type SignerRequest, signedData, token } from '../builders/forged-cms.ts';
import { certify, DAY, ext, rootAuthority, YEAR } from '../builders/forged-pki.ts';
import { revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';
import { testSeed } from '../random.ts';

const root = rootAuthority(NOW, 'Gốc ASiC');
const signer = certify(NOW, { subject: 'Người ký', issuer: root, notBefore: NOW - 3 * YEAR });
const second = certify(NOW, { subject: 'Người ký thứ hai', issuer: root, notBefore: NOW - 3 * YEAR });
const stamping = (subject: string, notAfter?: number) =>
  certify(NOW, {
    subject,
    issuer: root,
    extensions: [ext.keyUsage(0), ext.purposes(true, '1.3.6.1.5.5.7.3.8')],
    notBefore: NOW - 3 * YEAR,
    ...(notAfter === undefined ? {} : { notAfter }),
  });
const tsa = stamping('TSA');
const oldTsa = stamping('TSA cũ', NOW - 10 * DAY);
const crl = revocationList({ issuer: root, thisUpdate: NOW - 3_600_000 });
const ctx: VerificationContext = {
  trust: trustStore({ anchors: [root.certificate], crls: [crl] }),
  policy: policyNamed('cong-vu'),
  at: NOW,
  revocation: 'required',
};

const letter = Buffer.from('Kính gửi Văn phòng Chính phủ '.repeat(40));
const annex = Buffer.from('Phụ lục số liệu '.repeat(40));
const P7S = 'META-INF/signature.p7s';
const MANIFEST = 'META-INF/ASiCManifest.xml';

const detached = (content: Buffer, one: Partial<SignerRequest> = {}, revocation?: Buffer[]) =>
  signedData({
    content,
    detached: true,
    signers: [{ party: signer, ...one }],
    ...(revocation ? { revocation } : {}),
  });

const simple = (more: AsicFile[] = [], p7s = detached(letter)) =>
  asic(ASIC_S, [{ name: 'cong-van.txt', bytes: letter }, { name: P7S, bytes: p7s }, ...more]);

const objects = [
  { name: 'công văn.txt', bytes: letter },
  { name: 'phu-luc/1.txt', bytes: annex },
];
const UTF8 = { flags: 0x800 };
const data: AsicFile[] = objects.map((one) => ({ ...one, lies: UTF8 }));
const manifest = asicManifest({ signature: P7S, objects });
const signature: AsicFile[] = [
  { name: MANIFEST, bytes: manifest },
  { name: P7S, bytes: detached(manifest) },
];
const extended = (files: AsicFile[] = [...data, ...signature]) => asic(ASIC_E, files);

const judged = (bytes: Buffer) => verifyFile(bytes, ctx);
/** Indication and all codes of a file and its signatures. */
function said(bytes: Buffer): string[] {
  const { indication, errors, warnings, signatures } = judged(bytes);
  return [
    indication,
    ...errors,
    ...warnings,
    ...signatures.flatMap((one) => [...one.errors, ...one.warnings]),
  ];
}

describe('ASiC-S with CAdES', () => {
  test('over its one file', () => {
    const report = judged(simple());
    expect(report).toMatchObject({ format: 'asic', indication: 'TOTAL_PASSED', errors: [], warnings: [] });
    expect(report.signatures).toMatchObject([
      {
        id: P7S,
        indication: 'TOTAL_PASSED',
        baseline: 'B-B',
        coverage: 'whole-file',
        files: ['cong-van.txt'],
      },
    ]);
  });

  test('over a PDF that stands in it as it is', () => {
    const pdf = Buffer.from('%PDF-1.7 %%EOF');
    const bytes = asic(ASIC_S, [
      { name: 'a.pdf', bytes: pdf, stored: true },
      { name: P7S, bytes: detached(pdf) },
    ]);
    expect(judged(bytes)).toMatchObject({ format: 'asic', indication: 'TOTAL_PASSED', errors: [] });
  });

  test('without a mimetype file it is told from its names', () => {
    const files = [
      { name: 'a.txt', bytes: letter },
      { name: P7S, bytes: detached(letter) },
    ];
    expect(said(asic(null, files))).toEqual(['TOTAL_PASSED', 'asic.mimetype-missing']);
  });

  test('two signers in one file are two signatures', () => {
    const p7s = signedData({
      content: letter,
      detached: true,
      signers: [{ party: signer }, { party: second }],
    });
    expect(judged(simple([], p7s)).signatures.map(({ id }) => id)).toEqual([P7S, `${P7S}/2`]);
  });

  test('a time-stamp alone signs nothing, and is told', () => {
    const stamp = token({ authority: tsa, stamped: letter, time: NOW - DAY });
    const report = judged(
      asic(ASIC_S, [
        { name: 'a.txt', bytes: letter },
        { name: 'META-INF/timestamp.tst', bytes: stamp },
      ]),
    );
    expect(report).toMatchObject({
      indication: 'NO_SIGNATURE',
      timestamps: [{ indication: 'TOTAL_PASSED' }],
    });
  });

  test('written as a stream, with descriptors', () => {
    const bytes = asic(ASIC_S, [
      { name: 'a.txt', bytes: letter, streamed: true },
      { name: P7S, bytes: detached(letter), streamed: true },
    ]);
    expect(said(bytes)).toEqual(['TOTAL_PASSED']);
  });
});

describe('ASiC-E with CAdES', () => {
  test('over the files of its manifest', () => {
    const report = judged(extended());
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED', errors: [], warnings: [] });
    expect(report.signatures[0]).toMatchObject({
      coverage: 'whole-file',
      files: objects.map(({ name }) => name),
    });
  });

  test('two signatures over different files: each says what it covers', () => {
    const parts = objects.map((one, i) => {
      const name = `META-INF/signature${i}.p7s`;
      const bytes = asicManifest({ signature: name, objects: [one] });
      return [
        { name: `META-INF/ASiCManifest${i}.xml`, bytes },
        { name, bytes: detached(bytes) },
      ];
    });
    const report = judged(extended([...data, ...parts.flat()]));
    expect(report.indication).toBe('TOTAL_PASSED');
    expect(report.signatures.map(({ coverage, files }) => [coverage, files])).toEqual([
      ['part', ['công văn.txt']],
      ['part', ['phu-luc/1.txt']],
    ]);
  });

  describe('archive manifests', () => {
    const TST = 'META-INF/archive-timestamp1.tst';
    const long = detached(manifest, { unsigned: signatureStamp(oldTsa, NOW - 20 * DAY) }, [crl]);
    const files = [...data, { name: MANIFEST, bytes: manifest }, { name: P7S, bytes: long }];
    function withArchive(listed: { name: string; bytes: Buffer }[], authority = tsa): Buffer {
      const archive = asicManifest({
        signature: TST,
        objects: listed,
        type: 'application/vnd.etsi.timestamp-token',
      });
      return extended([
        ...files,
        { name: 'META-INF/ASiCArchiveManifest.xml', bytes: archive },
        { name: TST, bytes: token({ authority, stamped: archive, time: NOW - 12 * DAY }) },
      ]);
    }

    test('prove when a signature existed, which makes B-LTA', () => {
      expect(judged(extended(files)).signatures[0]).toMatchObject({
        baseline: 'B-B',
        warnings: ['timestamp.not-accepted'],
      });
      const report = judged(withArchive(files));
      expect(report).toMatchObject({
        indication: 'TOTAL_PASSED',
        timestamps: [{ kind: 'archive', indication: 'TOTAL_PASSED' }],
      });
      expect(report.signatures[0]).toMatchObject({ baseline: 'B-LTA', warnings: [] });
    });

    test('attack: an archive manifest that leaves the signature out proves nothing of it', () => {
      expect(judged(withArchive(data)).signatures[0]).toMatchObject({ baseline: 'B-B' });
    });

    test('attack: an archive time-stamp whose digests do not fit proves nothing', () => {
      const listed = files.map((one) => (one.name === P7S ? { ...one, bytes: annex } : one));
      expect(judged(withArchive(listed)).signatures[0]).toMatchObject({ baseline: 'B-B' });
    });

    test('attack: an archive time-stamp by an authority that expired', () => {
      expect(judged(withArchive(files, oldTsa)).signatures[0]).toMatchObject({ baseline: 'B-B' });
    });
  });
});

describe('attacks on a container', () => {
  const evil = Buffer.from('Quyết định giả');
  const [first, ...rest] = data as [AsicFile, AsicFile];
  const swapped = { ...first, bytes: evil };
  const other = (more: string) => asicManifest({ signature: P7S, objects, more });
  const attacks: [name: string, code: string, bytes: Buffer][] = [
    ['signed file of ASiC-S replaced', 'cms.message-digest-mismatch', asic(ASIC_S, [{ name: 'a', bytes: evil }, { name: P7S, bytes: detached(letter) }])],
    ['second file added to ASiC-S', 'asic.data-object-count', simple([{ name: 'them.txt', bytes: evil }])],
    ['signed file of ASiC-E replaced', 'asic.object-changed', extended([swapped, ...rest, ...signature])],
    ['signed file taken away', 'asic.object-missing', extended([first, ...signature])],
    ['signed file renamed', 'asic.object-missing', extended([{ ...first, name: 'khac.txt' }, ...rest, ...signature])],
    ['file added that no signature covers', 'asic.file-not-signed', extended([...data, { name: 'them.txt', bytes: evil }, ...signature])],
    ['file added in a folder that looks like META-INF', 'asic.file-not-signed', extended([...data, { name: 'meta-inf/x.pdf', bytes: evil }, ...signature])],
    ['manifest rewritten for the replaced file', 'cms.message-digest-mismatch', extended([swapped, ...rest, { name: MANIFEST, bytes: asicManifest({ signature: P7S, objects: [{ ...objects[0]!, bytes: evil }, objects[1]!] }) }, signature[1]!])],
    ['manifest taken away', 'asic.manifest-missing', extended([...data, signature[1]!])],
    ['second manifest that claims the signature', 'asic.manifest-ambiguous', extended([...data, ...signature, { name: 'META-INF/ASiCManifest2.xml', bytes: manifest }])],
    ['manifest for another signature', 'asic.manifest-missing', extended([...data, { name: MANIFEST, bytes: asicManifest({ signature: 'META-INF/x.p7s', objects }) }, signature[1]!])],
    ['manifest with a DTD', 'asic.manifest-malformed', extended([...data, { name: MANIFEST, bytes: Buffer.from(`<!DOCTYPE x []>${manifest}`) }, signature[1]!])],
    ['manifest with a critical extension', 'asic.manifest-malformed', extended([...data, { name: MANIFEST, bytes: other('<asic:ASiCManifestExtensions><asic:Extension Critical="true"/></asic:ASiCManifestExtensions>') }, signature[1]!])],
    ['manifest that lists a file twice', 'asic.manifest-malformed', extended([...data, { name: MANIFEST, bytes: asicManifest({ signature: P7S, objects: [...objects, objects[0]!] }) }, signature[1]!])],
    ['manifest that leads out of the container', 'asic.manifest-malformed', extended([...data, { name: MANIFEST, bytes: asicManifest({ signature: P7S, objects: [{ name: 'https://x.invalid/a', bytes: evil }] }) }, signature[1]!])],
    ['manifest with MD5 digests', 'policy.digest-not-allowed', weak()],
    ['signature of another container', 'cms.message-digest-mismatch', extended([...data, signature[0]!, { name: P7S, bytes: detached(evil) }])],
    ['PDF beside the data for viewers that look for one', 'file.two-formats', asic(ASIC_S, [{ name: 'META-INF/a.pdf', bytes: Buffer.from('%PDF-1.7'), stored: true }, { name: 'a', bytes: letter }, { name: P7S, bytes: detached(letter) }])],
    ['mimetype that is not the first file', 'asic.mimetype-wrong', asic(null, [...data, { name: 'mimetype', bytes: Buffer.from(ASIC_E), stored: true }, ...signature])],
    ['mimetype compressed', 'asic.mimetype-wrong', asic(null, [{ name: 'mimetype', bytes: Buffer.from(ASIC_E) }, ...data, ...signature])],
    ['mimetype of something else', 'asic.mimetype-wrong', asic('application/pdf', [...data, ...signature])],
    ['mimetype ASiC-S over many files', 'asic.data-object-count', asic(ASIC_S, [...data, ...signature])],
  ]; // biome-ignore format: a table

  function weak(): Buffer {
    const bytes = asicManifest({ signature: P7S, objects: objects.map((one) => ({ ...one, digest: 'http://www.w3.org/2001/04/xmldsig-more#md5' })) }); // biome-ignore format: one line
    return extended([...data, { name: MANIFEST, bytes }, { name: P7S, bytes: detached(bytes) }]);
  }

  test.each(attacks)('%s', (_, code, bytes) => {
    const codes = said(bytes);
    expect(codes[0]).not.toBe('TOTAL_PASSED');
    expect(codes).toContain(code);
  });

  test('files that no signature covers are named', () => {
    const report = judged(extended([...data, { name: 'them.txt', bytes: evil }, ...signature]));
    expect(report).toMatchObject({ indication: 'INDETERMINATE', unsignedFiles: ['them.txt'] });
  });
});

describe('attacks on the ZIP', () => {
  const files: AsicFile[] = [
    { name: 'mimetype', bytes: Buffer.from(ASIC_E), stored: true },
    ...data,
    ...signature,
  ];
  const changed = (index: number, more: Partial<AsicFile>) =>
    asic(
      null,
      files.map((one, i) => (i === index ? { ...one, ...more } : one)),
    );
  const named = (name: string) => asic(null, [...files, { name, bytes: annex }]);
  const extra = (id: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16LE(id, 0);
    bytes.writeUInt16LE(8, 2);
    return bytes;
  };
  const bomb = Buffer.alloc(30_000_000);
  const attacks: [name: string, code: string, bytes: () => Buffer][] = [
    ['two files of one name', 'asic.zip-duplicate-name', () => named('phu-luc/1.txt')],
    ['two names that differ in letter case', 'asic.zip-duplicate-name', () => named('PHU-LUC/1.TXT')],
    ['name that leads upwards', 'asic.zip-path', () => named('../x.txt')],
    ['absolute name', 'asic.zip-path', () => named('/etc/x')],
    ['name with a backslash', 'asic.zip-path', () => named('a\\b.txt')],
    ['name with a drive', 'asic.zip-path', () => named('C:x.txt')],
    ['name with text turned round', 'asic.zip-path', () => asic(null, [...files, { name: 'a\u202efdp.exe', bytes: annex, lies: UTF8 }])],
    ['name whose encoding readers must guess', 'asic.zip-path', () => asic(null, [...files, { name: 'công văn 2.txt', bytes: annex }])],
    ['another name in the local header', 'asic.zip-headers-differ', () => changed(2, { lies: { ...UTF8, localName: 'phu-luc/2.txt' } })],
    ['another size in the local header', 'asic.zip-headers-differ', () => changed(2, { lies: { ...UTF8, localSize: 5 } })],
    ['second name in a Unicode path field', 'asic.zip-headers-differ', () => changed(2, { centralExtra: extra(0x7075) })],
    ['ZIP64 field', 'asic.zip64-refused', () => changed(2, { centralExtra: extra(1) })],
    ['encrypted file', 'asic.zip-encrypted', () => changed(2, { lies: { flags: 0x801 } })],
    ['method that readers differ in', 'asic.zip-method-unsupported', () => changed(2, { lies: { ...UTF8, method: 9 } })],
    ['wrong checksum', 'asic.zip-content-wrong', () => changed(2, { lies: { ...UTF8, crc: 7 } })],
    ['file that unpacks to thirty megabytes', 'asic.zip-bomb', () => asic(null, [...files, { name: 'bom', bytes: bomb }])],
    ['overlapping files', 'asic.zip-hidden-data', () => changed(2, { lies: { ...UTF8, offset: 0 } })],
    ['bytes between the files and the directory', 'asic.zip-hidden-data', () => asic(null, files, { between: letter })],
    ['file that the directory does not have', 'asic.zip-malformed', () => asic(null, files, { count: files.length - 1 })],
    ['bytes behind the end', 'asic.zip-trailing-data', () => Buffer.concat([asic(null, files), Buffer.from('%PDF-')])],
    ['another file in the comment', 'asic.zip-trailing-data', () => asic(null, files, { comment: Buffer.from('%PDF-1.7 %%EOF') })],
    ['end record cut off', 'asic.zip-malformed', () => asic(null, files).subarray(0, -10)],
  ]; // biome-ignore format: a table

  test('the container that they attack is good', () =>
    expect(said(asic(null, files))).toEqual(['TOTAL_PASSED']));

  test.each(attacks)('%s', (_, code, make) => {
    const codes = said(make());
    expect(codes[0]).not.toBe('TOTAL_PASSED');
    expect(codes).toContain(code);
  });
});

describe('packages of office documents are recognised, and not judged', () => {
  test.each([
    ['ooxml', asic(null, [{ name: '[Content_Types].xml', bytes: letter }, { name: '_xmlsignatures/sig1.xml', bytes: annex }, { name: '_xmlsignatures/_rels/origin.sigs.rels', bytes: annex }, { name: '_xmlsignatures/signature.xml', bytes: annex }])],
    ['odf', asic('application/vnd.oasis.opendocument.text', [{ name: 'content.xml', bytes: letter }, { name: 'META-INF/documentsignatures.xml', bytes: annex }])],
  ])('%s', (format, bytes) => {
    expect(judged(bytes)).toMatchObject({ format, indication: 'INDETERMINATE', errors: ['format-not-judged'] });
  }); // biome-ignore format: long lines

  test('whose ZIP we would not read: not judged, not called wrong', () => {
    const parts = [
      { name: 'word/document.xml', bytes: letter },
      { name: '_xmlsignatures/signature.xml', bytes: annex },
    ];
    expect(judged(asic(null, parts, { comment: Buffer.from('made by an office suite') }))).toMatchObject({
      format: 'ooxml',
      indication: 'INDETERMINATE',
      errors: ['format-not-judged'],
    });
  });
});

describe('mutations', () => {
  const seed = testSeed();
  // Stored: the last bits of compressed data may be anything.
  const good = extended([...data, ...signature].map((one) => ({ ...one, stored: true })));

  test('no changed byte keeps the verdict, but where nobody looks', () => {
    // Versions, times and attributes of the headers are shown by no reader as content.
    const free = freePlaces(good);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const copy = Buffer.from(good);
        copy[at] = (copy[at] ?? 0) ^ mask;
        const { indication } = judged(copy);
        if (!free.some(([from, to]) => at >= from && at < to)) expect(indication).not.toBe('TOTAL_PASSED');
      }),
      { seed, numRuns: 800 },
    );
  });

  test('broken in several places: always a report', () => {
    const edit = fc.record({
      at: fc.nat(good.length - 1),
      length: fc.integer({ min: 1, max: 60 }),
      byte: fc.nat(255),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), fc.boolean(), (edits, cut) => {
        let bytes = Buffer.from(good);
        for (const { at, length, byte } of edits) {
          const tail = bytes.subarray(at + (cut ? length : 0));
          bytes = Buffer.concat([bytes.subarray(0, at), Buffer.alloc(cut ? 0 : length, byte), tail]);
        }
        expect(judged(bytes).indication).not.toBe('TOTAL_PASSED');
      }),
      { seed, numRuns: 300 },
    );
  });

  /** Fields of the ZIP that carry no content, and the parts of the CMS that its signer does not sign. */
  function freePlaces(zip: Buffer): [number, number][] {
    const places: [number, number][] = [];
    for (let at = zip.indexOf('PK\u0003\u0004'); at >= 0; at = zip.indexOf('PK\u0003\u0004', at + 4)) places.push([at + 4, at + 6], [at + 10, at + 14]);
    for (let at = zip.indexOf('PK\u0001\u0002'); at >= 0; at = zip.indexOf('PK\u0001\u0002', at + 4)) places.push([at + 4, at + 8], [at + 12, at + 16], [at + 34, at + 42]);
    return places;
  } // biome-ignore format: two lists
});

test('a signature file that is no CMS', () => {
  expect(said(extended([...data, signature[0]!, { name: P7S, bytes: der.integer(1) }]))).toContain(
    'cms.malformed',
  );
});
