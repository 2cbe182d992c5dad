import { describe, expect, test } from '@jest/globals';
import {
  checkConformance,
  DEFAULT_LIMITS,
  type EdxmlLimits,
  readEdxml,
  writeDocument,
  writeStatus,
} from '../../src/edxml/index.ts';
import { isTrucError } from '../../src/kernel/index.ts';
import { aDocument, anAttachment, anOrgan, aReference, aStatus, NOW } from '../builders/edxml.ts';
import { zipOf } from '../builders/zip.ts';
import { wasmMemory } from './wasm-memory.ts';

const NAMESPACE = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';
const LETTER = writeDocument(aDocument(), [anAttachment()]);
const TEXT = LETTER.toString();

/** The code with which a message is refused; 'read' when it is not. Anything but a TrucError fails the test. */
function refusal(bytes: Buffer | string, limits: EdxmlLimits = DEFAULT_LIMITS): string {
  try {
    readEdxml(Buffer.from(bytes as string), limits);
    return 'read';
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return error.code;
  }
}

function changed(from: string | RegExp, to: string, source = TEXT): string {
  const text = source.replace(from, to);
  if (text === source) throw new RangeError(`nothing to change: ${from}`);
  return text;
}

const withDoctype = (subset: string, text = TEXT) =>
  changed('?>\n', `?>\n<!DOCTYPE edXML ${subset}>\n`, text);
const withSubject = (subject: string) => changed(/(<edXML:Subject>)[^<]*/, `$1${subject}`);
const laughs = Array.from({ length: 20 }, (_, i) => `<!ENTITY l${i + 1} "&l${i};&l${i};&l${i};&l${i};">`);

describe('declarations and nodes that a message never needs', () => {
  test.each([
    ['a DOCTYPE', withDoctype(''), 'edxml.dtd-forbidden'],
    ['a DOCTYPE from elsewhere', withDoctype('SYSTEM "http://127.0.0.1:1/x.dtd"'), 'edxml.dtd-forbidden'],
    ['an internal entity', withDoctype('[<!ENTITY a "b">]', withSubject('&a;')), 'edxml.dtd-forbidden'],
    ['an external entity', withDoctype('[<!ENTITY a SYSTEM "file:///etc/passwd">]', withSubject('&a;')), 'edxml.dtd-forbidden'],
    ['a parameter entity', withDoctype('[<!ENTITY % a SYSTEM "http://127.0.0.1:1/"> %a;]'), 'edxml.dtd-forbidden'],
    ['a billion laughs', withDoctype(`[<!ENTITY l0 "ha">${laughs.join('')}]`, withSubject('&l20;')), 'edxml.dtd-forbidden'],
    ['a DOCTYPE with a new line in it', changed('?>\n', '?>\n<!DOCTYPE\nedXML>\n'), 'edxml.dtd-forbidden'],
    ['a DOCTYPE in small letters', changed('?>\n', '?>\n<!doctype edXML>\n'), 'edxml.not-well-formed'],
    ['an ENTITY outside a DOCTYPE', changed('<edXML:Subject>', '<!ENTITY a "b"><edXML:Subject>'), 'edxml.entity-forbidden'],
    ['an entity that nobody declared', withSubject('&xxe;'), 'edxml.not-well-formed'],
    ['a processing instruction', changed('?>\n', '?>\n<?php x ?>\n'), 'edxml.processing-instruction-forbidden'],
    ['a processing instruction inside a value', withSubject('a<?x?>b'), 'edxml.processing-instruction-forbidden'],
    ['a style sheet in the place of the XML declaration', changed(/<\?xml.*\?>/, '<?xml-stylesheet href="a"?>'), 'edxml.processing-instruction-forbidden'],
    ['two XML declarations', `<?xml version="1.0"?>${TEXT}`, 'edxml.processing-instruction-forbidden'],
    ['CDATA', withSubject('<![CDATA[x]]>'), 'edxml.cdata-forbidden'],
    ['a comment inside a value', withSubject('THƯ<!-- -->ỜNG'), 'edxml.comment-forbidden'],
    ['an element inside a value', withSubject('<x/>'), 'edxml.not-well-formed'],
    ['text beside elements', changed('<edXML:Code>', 'MẬT<edXML:Code>'), 'edxml.not-well-formed'],
    ['an XInclude', changed('<edXML:Subject>', '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/><edXML:Subject>'), 'read'],
  ])('%s', (_, text, code) => {
    expect(refusal(text)).toBe(code);
  }); // biome-ignore format: a table
});

describe('encodings', () => {
  const utf16 = (bom: string) => Buffer.from(`${bom}${TEXT}`, 'utf16le');
  const bigEndian = Buffer.from(utf16('\uFEFF')).swap16();
  const padded = `<?xml version="1.0"${' '.repeat(300)}encoding="ISO-8859-1"?>`;

  test.each([
    ['UTF-16, small end first', utf16('\uFEFF'), 'edxml.encoding'],
    ['UTF-16, big end first', bigEndian, 'edxml.encoding'],
    ['UTF-16 without a mark', utf16(''), 'edxml.encoding'],
    ['UTF-32', Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x3c]), 'edxml.encoding'],
    ['ISO-8859-1 declared', changed('UTF-8', 'ISO-8859-1'), 'edxml.encoding'],
    ['UTF-7 declared', changed('UTF-8', 'UTF-7'), 'edxml.encoding'],
    ['no name declared', changed('UTF-8', ''), 'edxml.encoding'],
    ['an encoding behind 300 spaces', changed(/<\?xml.*\?>/, padded), 'edxml.not-well-formed'],
    ['EBCDIC', Buffer.from([0x4c, 0x6f, 0xa7, 0x94, 0x93]), 'edxml.not-well-formed'],
    ['bytes that are no UTF-8', Buffer.concat([LETTER.subarray(0, 400), Buffer.from([0xc3, 0x28]), LETTER.subarray(400)]), 'edxml.not-well-formed'],
    ['an overlong form', Buffer.from(withSubject('a').replace('>a<', '>\xc0\xaf<'), 'latin1'), 'edxml.not-well-formed'],
    ['half of a surrogate pair', Buffer.concat([Buffer.from(TEXT.split('V/v')[0] as string), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from(TEXT.split('V/v')[1] as string)]), 'edxml.not-well-formed'],
    ['NUL characters', withSubject('a\0b'), 'edxml.not-well-formed'],
    ['a NUL at the start', `\0${TEXT}`, 'edxml.encoding'],
    ['a NUL by its number', withSubject('a&#0;b'), 'edxml.not-well-formed'],
    ['a control character', withSubject('a\u0001b'), 'edxml.not-well-formed'],
    ['U+FFFF', withSubject('a\uFFFFb'), 'edxml.not-well-formed'],
    ['a byte order mark', `\uFEFF${TEXT}`, 'read'],
    ['two byte order marks', `\uFEFF\uFEFF${TEXT}`, 'edxml.processing-instruction-forbidden'],
    ['white space before the XML declaration', ` ${TEXT}`, 'edxml.processing-instruction-forbidden'],
  ])('%s', (_, bytes, code) => {
    expect(refusal(bytes as Buffer)).toBe(code);
  }); // biome-ignore format: a table
});

describe('shapes', () => {
  test.each([
    ['nothing', '', 'edxml.not-well-formed'],
    ['white space', '  \n', 'edxml.not-well-formed'],
    ['another root', '<a/>', 'edxml.wrong-root'],
    ['a root without a namespace', '<edXML/>', 'edxml.namespace'],
    ['the obsolete namespace of e-doc', TEXT.replaceAll(NAMESPACE, 'http://www.e-doc.vn/Schema/'), 'edxml.namespace'],
    ['the obsolete namespace of a provincial guide', TEXT.replaceAll(NAMESPACE, 'http://www.go.vn/eDoc'), 'edxml.namespace'],
    ['an empty root', `<edXML xmlns="${NAMESPACE}"/>`, 'edxml.wrong-root'],
    ['a prefix that nobody declared', changed(/ xmlns:edXML="[^"]*"/g, ''), 'edxml.not-well-formed'],
    ['a recipient in another namespace', changed('</edXML:To>', '</edXML:To><To xmlns="urn:x"/>'), 'edxml.namespace'],
    ['a subject in another namespace', changed(/<edXML:Subject>(.*?)<\/edXML:Subject>/, '<Subject xmlns="urn:x">$1</Subject>'), 'edxml.namespace'],
    ['two subjects', changed('<edXML:Subject>', '<edXML:Subject>B</edXML:Subject><edXML:Subject>'), 'edxml.element-repeated'],
    ['two senders', changed('</edXML:From>', '</edXML:From><edXML:From/>'), 'edxml.element-repeated'],
    ['two envelopes', changed('</edXML:edXMLEnvelope>', '</edXML:edXMLEnvelope><edXMLEnvelope/>'), 'edxml.element-repeated'],
    ['two lists of attachments', changed('</edXML>', '<AttachmentEncoded/></edXML>'), 'edxml.element-repeated'],
    ['two contents of an attachment', changed('</Attachment>', '<ContentTransferEncoded/></Attachment>'), 'edxml.element-repeated'],
  ])('%s', (_, text, code) => {
    expect(refusal(text)).toBe(code);
  }); // biome-ignore format: a table

  test('cut off after every 1000th byte, and at each of the last 500, it is not well-formed', () => {
    const long = writeDocument(aDocument({ to: Array(60).fill(anOrgan('G09')) }), [
      anAttachment({ bytes: Buffer.alloc(40_000, '%PDF-1.7\n') }),
    ]);
    const lengths = [
      ...Array.from({ length: Math.floor(long.length / 1000) }, (_, i) => i * 1000),
      ...Array.from({ length: 500 }, (_, i) => long.length - 2 - i),
    ];
    const codes = new Set(lengths.map((length) => refusal(long.subarray(0, length))));
    expect([...codes]).toEqual(['edxml.not-well-formed']);
  });
});

describe('limits', () => {
  const below = (limit: Partial<EdxmlLimits>): EdxmlLimits => ({ ...DEFAULT_LIMITS, ...limit });
  const attributes = (n: number) => Array.from({ length: n }, (_, i) => ` a${i}="x"`).join('');
  const withAttributes = (n: number) => changed('<edXML:Subject>', `<edXML:Subject${attributes(n)}>`);
  const nested = (n: number) =>
    changed('<edXML:Subject>', `${'<x>'.repeat(n)}${'</x>'.repeat(n)}<edXML:Subject>`);

  test('bytes: as many as the limit pass, one more does not', () => {
    expect(refusal(LETTER, below({ bytes: LETTER.length }))).toBe('read');
    expect(refusal(LETTER, below({ bytes: LETTER.length - 1 }))).toBe('edxml.too-large');
  });

  test('depth: 24 levels pass, 25 do not', () => {
    expect(refusal(nested(20))).toBe('read');
    expect(refusal(nested(21))).toBe('edxml.too-deep');
  });

  test.each([1000, 3000, 20_000])('a depth of %i elements is refused for its depth', (depth) => {
    expect(refusal(nested(depth))).toBe('edxml.too-deep');
  });

  test('elements: as many as the limit pass, one more does not', () => {
    const count = (TEXT.match(/<[^/?]/g) ?? []).length;
    expect(refusal(LETTER, below({ elements: count }))).toBe('read');
    expect(refusal(LETTER, below({ elements: count - 1 }))).toBe('edxml.too-many-elements');
  });

  test('recipients: a letter to all 3,400 communes is read, one to 5,000 has more elements than the default takes', () => {
    const to = (n: number) =>
      writeDocument(aDocument({ to: Array(n).fill(anOrgan('G09')) }), [anAttachment()]);
    expect(refusal(to(3400))).toBe('read');
    expect(refusal(to(5000))).toBe('edxml.too-many-elements');
  });

  test('attributes: 32 on one element pass, 33 and a hundred thousand do not', () => {
    expect(refusal(withAttributes(32))).toBe('read');
    expect(refusal(withAttributes(33))).toBe('edxml.too-many-elements');
    expect(refusal(withAttributes(100_000))).toBe('edxml.too-many-elements');
  });

  test('a thousand namespaces on one element are only read over, a hundred thousand are refused', () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => ` xmlns:n${i}="urn:${i}"`).join('');
    expect(refusal(changed('<edXML:Subject>', `<edXML:Subject${many(1000)}>`))).toBe('read');
    expect(refusal(changed('<edXML:Subject>', `<edXML:Subject${many(100_000)}>`))).toBe(
      'edxml.too-many-elements',
    );
  });

  test.each(['<', '<!', '<a/>', '<a>', '<!---->', '<a b="">', "<a b=''>", ' a=""', " a=''"])(
    '64 MB of %j never reach the parser, whose memory would stay as large as they made it',
    (piece) => {
      const body = Buffer.alloc(DEFAULT_LIMITS.bytes - 10, piece);
      const grown: number[] = [];
      const { grow } = wasmMemory;
      wasmMemory.grow = function (pages) {
        grown.push(pages);
        return grow.call(this, pages);
      };
      try {
        expect(refusal(Buffer.concat([Buffer.from('<r '), body]))).toBe('edxml.too-many-elements');
      } finally {
        wasmMemory.grow = grow;
      }
      expect(grown).toEqual([]);
    },
  );

  test('a text may be full of quotation marks', () => {
    const subject = '"'.repeat(20_000);
    expect(refusal(writeDocument(aDocument({ subject }), [anAttachment()]))).toBe('read');
  });

  const letterOf = (n: number) => {
    const ids = Array.from({ length: n }, (_, i) => `a${i}`);
    return writeDocument(
      aDocument({ references: ids.map((id) => aReference(id, `${id}.pdf`)) }),
      ids.map((id) => anAttachment({ contentId: id, name: `${id}.pdf` })),
    );
  };

  test('attachments: 200 pass, 201 do not', () => {
    expect(refusal(letterOf(200))).toBe('read');
    expect(refusal(letterOf(201))).toBe('edxml.too-large');
  });

  test('bytes of one attachment: as many as the limit pass, one more does not', () => {
    const size = anAttachment().bytes.length;
    expect(refusal(LETTER, below({ attachmentBytes: size }))).toBe('read');
    expect(refusal(LETTER, below({ attachmentBytes: size - 1 }))).toBe('edxml.attachment-too-large');
  });

  test('bytes of one attachment inside its ZIP: the same', () => {
    const bytes = anAttachment().bytes;
    const zipped = writeDocument(aDocument(), [anAttachment({ bytes: zipOf([{ name: 'x', bytes }]) })]);
    expect(refusal(zipped, below({ attachmentBytes: bytes.length }))).toBe('read');
    expect(refusal(zipped, below({ attachmentBytes: bytes.length - 1 }))).toBe('edxml.zip-bomb');
  });

  const places: readonly (readonly [string, (text: string) => Buffer])[] = [
    ['the subject', (subject) => writeDocument(aDocument({ subject }), [anAttachment()])],
    ['a trace header', (organId) => writeDocument(aDocument({ traceHeaders: [{ organId, timestamp: '' }] }), [anAttachment()])],
    ['a reason', (reason) => writeDocument(aDocument({ business: { ...aDocument().business, reason } }), [anAttachment()])],
    ['a Reference', (description) => writeDocument(aDocument({ references: [{ ...(aDocument().references[0] as ReturnType<typeof aReference>), description }] }), [anAttachment()])],
    ['the name of an attachment', (name) => writeDocument(aDocument(), [anAttachment({ name })])],
    ['a status message', (description) => writeStatus(aStatus('02', { description }))],
    ['an element that nobody knows', (text) => Buffer.from(changed('<edXML:Subject>', `<x>${text}</x><edXML:Subject>`))],
  ]; // biome-ignore format: a table

  test.each(places)('text in %s: 20,000 characters pass, one more does not', (_, written) => {
    expect(refusal(written('x'.repeat(20_000)))).toBe('read');
    expect(refusal(written('x'.repeat(20_001)))).toBe('edxml.too-large');
  });

  test('kinds: an executable is refused whatever it is called, and a kind left out of the list too', () => {
    const program = anAttachment({ bytes: Buffer.from('4d5a90000300000004000000', 'hex') });
    expect(refusal(writeDocument(aDocument(), [program]))).toBe('edxml.attachment-kind');
    expect(refusal(LETTER, below({ kinds: ['xml'] }))).toBe('edxml.attachment-kind');
  });

  test('a single text of 60 MB is too large, not a crash', () => {
    expect(refusal(withSubject('x'.repeat(60 * 1024 * 1024)))).toBe('edxml.too-large');
  });

  test('an attachment of 45 MB is read whole', () => {
    const bytes = Buffer.alloc(45 * 1024 * 1024, '%PDF-1.7\n0123456789\n');
    const message = readEdxml(writeDocument(aDocument(), [anAttachment({ bytes })]));
    expect(message.kind === 'document' && message.attachments[0]?.bytes.equals(bytes)).toBe(true);
  });
});

describe('attachments', () => {
  const withContent = (content: string) =>
    changed(/(<edXML:ContentTransferEncoded[^>]*>)[^<]*/, `$1${content}`);

  test.each([
    '<x/>',
    'AAA',
    'A===',
    'AA=A',
    '=',
    '====',
    'AA==AA==',
    'AAA_',
    'AA-A',
    'AAA\u00A0',
    'Ứng',
    '&lt;AA=',
    'AAAA=',
    'AA\u2003AA',
  ])('%s is no base64', (content) => expect(refusal(withContent(content))).toBe('edxml.attachment-base64'));

  test('garbage behind 40 MB of base64 is found', () => {
    expect(refusal(withContent(`${'A'.repeat(40 * 1024 * 1024)}*AAA`))).toBe('edxml.attachment-base64');
  });

  test.each([
    ['a Reference without its Attachment', changed(/<Attachment>.*<\/Attachment>/, ''), 'edxml.attachment-unpaired'],
    ['an Attachment without its Reference', changed(/<edXML:Reference>.*<\/edXML:Reference>/, ''), 'edxml.attachment-unpaired'],
    ['a ContentId twice in the manifest', changed(/<edXML:Reference>.*<\/edXML:Reference>/, '$&$&'), 'edxml.attachment-duplicate'],
    ['a ContentId twice among the attachments', changed(/<Attachment>.*<\/Attachment>/, '$&$&'), 'edxml.attachment-duplicate'],
    ['an Attachment without a ContentId', changed(/<ContentId>.*?<\/ContentId>/, ''), 'edxml.attachment-unpaired'],
  ])('%s', (_, text, code) => {
    expect(refusal(text)).toBe(code);
  }); // biome-ignore format: a table

  const nameFaults = (name: string) =>
    checkConformance(writeDocument(aDocument(), [anAttachment({ name })]), { now: NOW }).faults;

  test.each([
    '../../x', '..\\x', '/etc/passwd', 'C:\\x.pdf', '..', '.', 'a\nb.pdf', 'a\tb.pdf', 'a\u0085b.pdf',
    'công văn\u202Efdp.exe', '\u2066a.pdf', 'a\u200Fb.pdf',
  ])('the name %j is a fault', (name) => {
    expect(nameFaults(name)).toMatchObject([
      { code: 'M.AttachmentEncoded.Attachment.AttachmentName', severity: 'error', expected: 'file-name' },
    ]);
  }); // biome-ignore format: a list

  test('what cannot be seen in a name is shown by its number', () => {
    expect(nameFaults('a\u202Efdp.exe')[0]?.actual).toBe('a\\u{202e}fdp.exe');
  });

  test.each(['CON', 'nul.pdf', 'COM1', 'Lpt9.docx', 'a.pdf.'])('the name %j is warned of', (name) => {
    expect(nameFaults(name)).toMatchObject([{ severity: 'warning', expected: 'not-reserved' }]);
  });

  test.each([
    'Công văn số 412.signed.pdf',
    'console.pdf',
    '.gitignore',
    'a..b.pdf',
    '12:30 (bản 2).pdf',
    'Đề án №5.docx',
  ])('the name %j is fine', (name) => expect(nameFaults(name)).toEqual([]));

  test('a NUL in a name does not get as far as the name', () => {
    expect(refusal(changed('<AttachmentName>', '<AttachmentName>a\0'))).toBe('edxml.not-well-formed');
    expect(refusal(changed('<AttachmentName>', '<AttachmentName>a&#0;'))).toBe('edxml.not-well-formed');
  });
});
