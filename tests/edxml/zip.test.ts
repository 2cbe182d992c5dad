import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { readEdxml, writeDocument } from '../../src/edxml/index.ts';
import { onlyEntry } from '../../src/edxml/zip.ts';
import { isTrucError } from '../../src/kernel/index.ts';
import { aDocument, anAttachment, aPdf, aReference } from '../builders/edxml.ts';
import { type ZipLies, type ZipPart, zipOf } from '../builders/zip.ts';

const UUID = '50c1d7e3-3b52-4a86-9d06-b7f0a1c2e341';
const PDF = aPdf('412/UBND');
const MB = 1024 * 1024;

/** A letter whose attachment is sent as the given bytes. */
function letterWith(
  name: string,
  bytes: Buffer,
  declared = 'application/zip',
  inReference = 'application/pdf',
): Buffer {
  const reference = { ...aReference('x', name), contentType: inReference };
  const file = anAttachment({ contentId: 'x', name, contentType: declared, bytes });
  return writeDocument(aDocument({ references: [reference] }), [file]);
}

function attachmentOf(bytes: Buffer) {
  const message = readEdxml(bytes);
  return message.kind === 'document' ? message.attachments[0] : undefined;
}

function errorOf(act: () => unknown): { code: string; cause: unknown } {
  try {
    act();
  } catch (error) {
    if (isTrucError(error)) return { code: error.code, cause: error.facts.cause };
    throw error;
  }
  return { code: 'none', cause: undefined };
}

const office = zipOf([
  { name: '[Content_Types].xml', bytes: Buffer.from('<Types/>') },
  { name: 'word/document.xml', bytes: Buffer.from('<document/>') },
]);

describe('the wrapping of the vendor SDK', () => {
  test('one entry under a UUID: the file inside, under its own name and no longer called a ZIP', () => {
    const sent = letterWith('412.signed.pdf', zipOf([{ name: `${UUID}.pdf`, bytes: PDF }]));
    expect(attachmentOf(sent)).toMatchObject({
      name: '412.signed.pdf',
      contentType: 'application/pdf',
      wrapped: true,
      sniffed: 'pdf',
    });
    expect(attachmentOf(sent)?.bytes).toEqual(PDF);
  });

  test('the same as Java streams write it, with sizes after the data', () => {
    const zip = zipOf([{ name: UUID, bytes: PDF, streamed: true }]);
    expect(attachmentOf(letterWith('a.pdf', zip))?.bytes).toEqual(PDF);
  });

  test.each(['báo cáo.docx', 'bảng.xlsx', 'mẫu.docm', 'hồ sơ.odt', 'gói.asice'])(
    '%s is unwrapped too',
    (name) => {
      const attachment = attachmentOf(letterWith(name, zipOf([{ name: UUID, bytes: office }])));
      expect(attachment).toMatchObject({ wrapped: true, sniffed: 'ooxml' });
      expect(attachment?.bytes).toEqual(office);
    },
  );

  test.each(['báo cáo.docx', 'mẫu.docm'])(
    '%s by itself is a file of several entries and stays as it is',
    (name) => {
      for (const declared of ['application/zip', 'application/octet-stream']) {
        const attachment = attachmentOf(letterWith(name, office, declared));
        expect(attachment).toMatchObject({ wrapped: false, contentType: declared });
        expect(attachment?.bytes).toEqual(office);
      }
    },
  );

  test('a .zip that a clerk made of one file stays a .zip', () => {
    const zip = zipOf([{ name: 'Phụ lục.pdf', bytes: PDF }]);
    expect(attachmentOf(letterWith('phụ lục.zip', zip))).toMatchObject({ wrapped: false, sniffed: 'zip' });
  });

  test('a .zip of one file with a UUID for its name stays one as well, since what is inside is no ZIP', () => {
    const zip = zipOf([{ name: `${UUID}.pdf`, bytes: PDF }]);
    expect(attachmentOf(letterWith('phụ lục.zip', zip))?.bytes).toEqual(zip);
  });

  test('a .zip that the SDK wrapped is unwrapped once', () => {
    const zip = zipOf([{ name: 'Phụ lục.pdf', bytes: PDF }]);
    const attachment = attachmentOf(letterWith('phụ lục.zip', zipOf([{ name: UUID, bytes: zip }])));
    expect(attachment).toMatchObject({ wrapped: true, sniffed: 'zip' });
    expect(attachment?.bytes).toEqual(zip);
  });

  test('what was unwrapped and written again reads the same: no second reader takes off another layer', () => {
    for (const [name, inside] of [
      ['a.pdf', PDF],
      ['a.docx', office],
      ['a', office],
      ['a.zip', office],
    ] as const) {
      const message = readEdxml(
        letterWith(name, zipOf([{ name: UUID, bytes: inside }]), 'application/zip', ''),
      );
      if (message.kind !== 'document') throw new RangeError(name);
      const again = attachmentOf(writeDocument(message.document, message.attachments));
      expect(again).toEqual({ ...message.attachments[0], wrapped: false });
    }
  });

  test('a name inside that climbs out of the folder is never used', () => {
    const sent = letterWith('a.pdf', zipOf([{ name: '../../etc/passwd', bytes: PDF }]));
    expect(attachmentOf(sent)).toMatchObject({ name: 'a.pdf', wrapped: true });
  });
});

const one: ZipPart = { name: UUID, bytes: PDF };
const lying = (lies: ZipPart['lies']) => zipOf([{ ...one, lies }]);
const around = (lies: ZipLies) => zipOf([one], lies);
const bomb = zipOf([{ name: UUID, bytes: Buffer.alloc(30 * MB) }]);

const HOSTILE: readonly (readonly [string, Buffer, string, string | undefined])[] = [
  ['a ratio of 1000 to 1', bomb, 'edxml.zip-bomb', undefined],
  ['a ZIP inside the ZIP', zipOf([{ name: UUID, bytes: zipOf([one]) }]), 'edxml.zip-invalid', 'a ZIP inside the ZIP'],
  ['a bomb inside the ZIP', zipOf([{ name: UUID, bytes: bomb }]), 'edxml.zip-bomb', undefined],
  ['two entries', zipOf([one, { ...one, name: 'b' }]), 'edxml.zip-invalid', 'not exactly one entry'],
  ['no entry', zipOf([one], { count: 0 }), 'edxml.zip-invalid', 'not exactly one entry'],
  ['two entries called one', zipOf([one, { ...one, name: 'b' }], { count: 1 }), 'edxml.zip-invalid', 'more in the directory than it says'],
  ['two entries over the same bytes', zipOf([one, { name: 'b', bytes: PDF, lies: { offset: 0 } }], { count: 1 }), 'edxml.zip-invalid', 'more in the directory than it says'],
  ['encryption', lying({ flags: 1 }), 'edxml.zip-invalid', 'encrypted'],
  ['encryption that only the local header tells', lying({ flags: 1, centralFlags: 0 }), 'edxml.zip-invalid', 'encrypted'],
  ['another method', lying({ method: 12 }), 'edxml.zip-invalid', 'method 12'],
  ['a size too small', lying({ size: 10 }), 'edxml.zip-bomb', undefined],
  ['a size too large', lying({ size: PDF.length + 1 }), 'edxml.zip-invalid', 'size or checksum'],
  ['another size in the local header', lying({ localSize: 9 }), 'edxml.zip-invalid', 'headers disagree'],
  ['another name in the local header', lying({ localName: `${UUID.slice(0, -1)}2` }), 'edxml.zip-invalid', 'headers disagree'],
  ['compressed bytes beyond the directory', lying({ compressed: 100_000 }), 'edxml.zip-invalid', 'bytes that belong to no entry'],
  ['a wrong checksum', lying({ crc: 1 }), 'edxml.zip-invalid', 'size or checksum'],
  ['sizes in ZIP64 form', lying({ size: 0xffff_ffff, compressed: 0xffff_ffff }), 'edxml.zip-bomb', undefined],
  ['an entry count in ZIP64 form', around({ count: 0xffff }), 'edxml.zip-invalid', 'not exactly one entry'],
  ['a second file before the directory', around({ between: zipOf([one]).subarray(0, 200) }), 'edxml.zip-invalid', 'bytes that belong to no entry'],
  ['a directory that names a later entry than the first', zipOf([{ name: 'b', bytes: PDF, lies: { offset: 5 } }]), 'edxml.zip-invalid', 'local header'],
  ['another file before the one that the directory names', around({ before: firstOf(aPdf('other')) }), 'edxml.zip-invalid', 'local header'],
  ['stored data of another length', lying({ method: 0 }), 'edxml.zip-invalid', 'size or checksum'],
  ['bytes that are no DEFLATE', mangled(), 'edxml.zip-invalid', 'compressed data'],
  ['bytes after its end', around({ after: Buffer.from('more') }), 'edxml.zip-invalid', 'not exactly one entry'],
]; // biome-ignore format: a table

/** Local header and data of a file, which the directory keeps silent about. */
function firstOf(bytes: Buffer): Buffer {
  const zip = zipOf([{ name: UUID, bytes }]);
  return zip.subarray(0, zip.readUInt32LE(zip.length - 6));
}

function mangled(): Buffer {
  const zip = zipOf([one]);
  zip.fill(0xff, 30 + UUID.length, 30 + UUID.length + 20);
  return zip;
}

describe('a ZIP that lies', () => {
  test.each(HOSTILE)('with %s is refused', (_, zip, code, cause) => {
    expect(errorOf(() => readEdxml(letterWith('a.pdf', zip)))).toEqual({ code, cause });
  });

  test('at every length it is cut off there is a typed refusal or the file as it is', () => {
    const zip = zipOf([one]);
    for (let length = 0; length < zip.length; length++) {
      const { code } = errorOf(() => readEdxml(letterWith('a.pdf', zip.subarray(0, length))));
      expect(['none', 'edxml.zip-invalid']).toContain(code);
    }
  });

  test('with any one byte changed gives the same file, a refusal, or the bytes as they came', () => {
    const zip = zipOf([one]);
    const outcomes = new Set<string>();
    for (let at = 0; at < zip.length; at++) {
      const changed = Buffer.from(zip);
      changed[at] = (changed[at] as number) ^ 0x41;
      const { code } = errorOf(() => {
        const found = attachmentOf(letterWith('a.pdf', changed, 'application/octet-stream'));
        expect([PDF, changed].some((known) => known.equals(found?.bytes as Buffer))).toBe(true);
      });
      outcomes.add(code);
    }
    expect([...outcomes].sort()).toEqual(['edxml.zip-bomb', 'edxml.zip-invalid', 'none']);
  });

  test('honest files that compress well pass', () => {
    const sheet = Buffer.alloc(99_000, 'Thứ tự;Tên đơn vị\n');
    expect(onlyEntry(zipOf([{ name: UUID, bytes: sheet }]), MB).bytes).toEqual(sheet);
    expect(deflateRawSync(sheet).length * 100).toBeLessThan(sheet.length);
  });
});
