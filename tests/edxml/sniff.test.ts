import { describe, expect, test } from '@jest/globals';
import { type FileKind, sniff } from '../../src/edxml/index.ts';
import { aPdf } from '../builders/edxml.ts';
import { zipOf } from '../builders/zip.ts';

/** A ZIP whose first entry is stored as it is, as ODF and ASiC want their `mimetype`. */
function storedFirst(name: string, content: string): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name + content)]);
}

const hex = (digits: string) => Buffer.from(digits, 'hex');
const entry = (name: string) => zipOf([{ name, bytes: Buffer.from('x') }]);

const KINDS: readonly (readonly [string, Buffer, FileKind])[] = [
  ['a PDF', aPdf('x'), 'pdf'],
  ['a PDF behind 1,000 other bytes', Buffer.concat([Buffer.alloc(1000, ' '), aPdf('x')]), 'pdf'],
  ['a PDF behind more than 1,024', Buffer.concat([Buffer.alloc(1025, ' '), aPdf('x')]), 'text'],
  ['a PDF that is also a ZIP at its end', Buffer.concat([aPdf('x'), entry('a')]), 'pdf'],
  ['a ZIP', entry('a.txt'), 'zip'],
  ['a Word file', entry('[Content_Types].xml'), 'ooxml'],
  ['a workbook with its parts in another order', entry('xl/workbook.xml'), 'ooxml'],
  ['an ODF text', storedFirst('mimetype', 'application/vnd.oasis.opendocument.text'), 'odf'],
  ['an ASiC-E container', storedFirst('mimetype', 'application/vnd.etsi.asic-e+zip'), 'asic'],
  ['an ASiC container without its mimetype', entry('META-INF/signatures.xml'), 'asic'],
  ['a PNG', hex('89504e470d0a1a0a00'), 'png'],
  ['a JPEG', hex('ffd8ffe000'), 'jpeg'],
  ['a TIFF, small end first', hex('49492a0008'), 'tiff'],
  ['a TIFF, big end first', hex('4d4d002a00'), 'tiff'],
  ['an old Word file', hex('d0cf11e0a1b11ae100'), 'ole'],
  ['an RTF', Buffer.from('{\\rtf1'), 'rtf'],
  ['a program of Windows', Buffer.from('MZ\x90\0\x03', 'latin1'), 'executable'],
  ['a program of Linux', hex('7f454c4602'), 'executable'],
  ['a CMS signature', hex('3082010006092a864886f70d010702a0'), 'cms'],
  ['DER that is no CMS signature', hex('3082010006092a864886f70d010701a0'), 'unknown'],
  ['an XML file', Buffer.from('<?xml version="1.0"?><a/>'), 'xml'],
  ['an XML file behind a byte order mark', Buffer.from('\uFEFF  <a/>'), 'xml'],
  ['a text', Buffer.from('Kính gửi:\r\n\tBộ Nội vụ'), 'text'],
  ['bytes', Buffer.from([1, 2, 3]), 'unknown'],
  ['nothing', Buffer.alloc(0), 'unknown'],
  ['the first bytes of a ZIP and no more', Buffer.from('PK\x03\x04'), 'unknown'],
  ['29 bytes of a ZIP, one less than a header', storedFirst('', '').subarray(0, 29), 'unknown'],
]; // biome-ignore format: a table

describe('what a file is, by its first bytes', () => {
  test.each(KINDS)('%s', (_, bytes, kind) => {
    expect(sniff(bytes)).toBe(kind);
  });
});
