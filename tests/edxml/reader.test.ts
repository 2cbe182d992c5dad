import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DEFAULT_LIMITS,
  type EdxmlDocument,
  readEdxml,
  validateDocument,
  validateStatus,
  writeDocument,
  writeStatus,
} from '../../src/edxml/index.ts';
import { parseTree } from '../../src/edxml/tree.ts';
import {
  aBusiness,
  aDocument,
  anAttachment,
  anOrgan,
  aPdf,
  aReference,
  aStatus,
  NOW,
} from '../builders/edxml.ts';
import { anyDocument, anyStatus, type WrittenDocument } from '../builders/edxml-arbitraries.ts';
import { testSeed } from '../random.ts';
import { VALID } from './examples.ts';
import { render, reordered } from './render.ts';

const seed = testSeed();

function readDocument(bytes: Uint8Array): WrittenDocument {
  const message = readEdxml(bytes);
  if (message.kind !== 'document') throw new RangeError('a status was read');
  return { document: message.document, attachments: message.attachments };
}

function readStatus(bytes: Uint8Array) {
  const message = readEdxml(bytes);
  if (message.kind !== 'status') throw new RangeError('a document was read');
  return message.status;
}

const letter = (overrides: Partial<EdxmlDocument> = {}) =>
  writeDocument(aDocument(overrides), [anAttachment()]);

function edited(from: string | RegExp, to: string, source = letter()): Buffer {
  const changed = source.toString().replace(from, to);
  if (changed === source.toString()) throw new RangeError(`nothing to change: ${from}`);
  return Buffer.from(changed);
}

describe('producers write the same message in different ways', () => {
  const style = fc.record({
    prefix: fc.constantFrom('', 'edXML', 'ns0', 'đ'),
    pretty: fc.boolean(),
    ranks: fc.infiniteStream(fc.nat()),
  });

  test('children in any order, any prefix or none, on one line or indented: the same document', () => {
    fc.assert(
      fc.property(anyDocument, style, ({ document, attachments }, { prefix, pretty, ranks }) => {
        const root = parseTree(writeDocument(document, attachments), DEFAULT_LIMITS);
        const rank = () => ranks.next().value as number;
        const bytes = render(root, { prefix, pretty, order: (children) => reordered(children, rank) });
        expect(readDocument(bytes)).toEqual({ document, attachments });
      }),
      { seed, numRuns: 200 },
    );
  });

  test('the same for status messages', () => {
    fc.assert(
      fc.property(anyStatus, style, (status, { prefix, pretty, ranks }) => {
        const root = parseTree(writeStatus(status), DEFAULT_LIMITS);
        const rank = () => ranks.next().value as number;
        const bytes = render(root, { prefix, pretty, order: (children) => reordered(children, rank) });
        expect(readStatus(bytes)).toEqual(status);
      }),
      { seed, numRuns: 200 },
    );
  });

  test('comments between elements and elements that nobody knows change nothing', () => {
    const more =
      '<!-- x --><edXML:ResponseForTask><edXML:TaskCode>7</edXML:TaskCode></edXML:ResponseForTask>';
    expect(readDocument(edited('<edXML:Subject>', `${more}<edXML:Subject>`))).toEqual(readDocument(letter()));
  });

  test('names are composed, and white space around values is not part of them', () => {
    const subject = 'Hỏa tốc'.normalize('NFD');
    const bytes = edited(/<edXML:Subject>[^<]*/, `<edXML:Subject>\n   ${subject}\t`);
    expect(readDocument(bytes).document.subject).toBe('Hỏa tốc');
  });

  test('a byte order mark is no part of the message', () => {
    const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), letter()]);
    expect(readDocument(bytes)).toEqual(readDocument(letter()));
  });
});

describe('agency codes', () => {
  const SEEN = [
    'H53.32.29',
    'G22',
    '000.29.32.H53',
    '001.01.07.H53',
    '01.02.G22',
    'vxp.saas.03',
    '00.53.W00',
    'H37.DN.001',
  ];

  test.each(SEEN)('%s is read as written and takes part', (code) => {
    const { document, attachments } = readDocument(letter({ to: [{ ...anOrgan('G09'), organId: code }] }));
    expect(document.to[0]?.organId).toBe(code);
    expect(validateDocument(document, attachments, { now: NOW })).toEqual([]);
  });
});

describe('dates', () => {
  test('day first is read as written; the date of issue refuses, the due date only warns', () => {
    const { document, attachments } = readDocument(
      letter({ promulgation: { place: 'Lạng Sơn', date: '16/03/2026' }, dueDate: '27/03/2026' }),
    );
    expect(document.promulgation.date).toBe('16/03/2026');
    expect(document.dueDate).toBe('27/03/2026');
    expect(validateDocument(document, attachments, { now: NOW })).toMatchObject([
      { code: 'M.MessageHeader.PromulgationInfo.PromulgationDate', severity: 'error', expected: 'date' },
      { code: 'M.MessageHeader.DueDate', severity: 'warning', expected: 'date' },
    ]);
  });

  test.each(['2026-03-16', '2026/3/16', '2026/13/01', '2026/02/29', '20260316', '2026/03/16 10:00:00'])(
    '%s is no date of issue',
    (date) => {
      const faults = validateDocument(aDocument({ promulgation: { place: 'Tây Ninh', date } }), [], {
        now: NOW,
      });
      expect(faults).toMatchObject([{ code: 'M.MessageHeader.PromulgationInfo.PromulgationDate' }]);
    },
  );

  test('today in Vietnam is not in the future, although it is still yesterday in London', () => {
    const justAfterMidnight = Date.UTC(2026, 2, 15, 17, 0, 1);
    expect(validateDocument(aDocument(), [anAttachment()], { now: justAfterMidnight })).toEqual([]);
    const [fault] = validateDocument(aDocument(), [anAttachment()], { now: justAfterMidnight - 2000 });
    expect(fault).toMatchObject({
      code: 'R.MessageHeader.PromulgationInfo.PromulgationDate',
      expected: 'not-future',
    });
  });
});

describe('attachments', () => {
  const content = (bytes: Buffer) => bytes.toString('base64');
  const written = (value: string) => edited(/(<edXML:ContentTransferEncoded[^>]*>)[^<]*/, `$1${value}`);

  test.each([
    ['lines of 76 characters', (text: string) => text.replace(/.{76}/g, '$&\r\n')],
    ['lines of 64 characters', (text: string) => text.replace(/.{64}/g, '$&\n')],
    ['lines indented like the elements', (text: string) => `\n${text.replace(/.{60}/g, '\t$&\n')}\n   `],
  ])('base64 in %s is the same file', (_, broken) => {
    const text = broken(content(aPdf('412/UBND')));
    expect(readDocument(written(text.replaceAll('\r', '&#13;'))).attachments[0]?.bytes).toEqual(
      aPdf('412/UBND'),
    );
    expect(readDocument(written(text)).attachments).toEqual([anAttachment()]);
  });

  test.each([
    ['cid:x', 'cid:x'],
    ['cid:x', 'x'],
    ['x', 'cid:x'],
    ['x', 'x'],
    ['CID:x', 'cid:x'],
  ])('the Reference %s and the Attachment %s belong together', (inReference, inAttachment) => {
    const ids = [inReference, inAttachment];
    const text = letter()
      .toString()
      .replace(/cid:8c2f4e10-[0-9a-f-]*/g, () => ids.shift() as string);
    const { document, attachments } = readDocument(Buffer.from(text));
    expect([document.references[0]?.contentId, attachments[0]?.contentId]).toEqual(['x', 'x']);
  });

  test('stand in the order of the file, and the first Reference keeps its place', () => {
    const references = ['b', 'a', 'c'].map((id) => aReference(id, `${id}.pdf`));
    const files = ['c', 'b', 'a'].map((id) => anAttachment({ contentId: id, name: `${id}.pdf` }));
    const { document, attachments } = readDocument(writeDocument(aDocument({ references }), files));
    expect(document.references.map((one) => one.contentId)).toEqual(['b', 'a', 'c']);
    expect(attachments.map((one) => one.contentId)).toEqual(['c', 'b', 'a']);
  });

  test('without a name of its own an Attachment has the name of its Reference', () => {
    const bytes = edited('<AttachmentName>412_UBND.signed.pdf</AttachmentName>', '');
    expect(readDocument(bytes).attachments[0]?.name).toBe('412_UBND.signed.pdf');
  });
});

describe('a hub rewrites the envelope', () => {
  test('another order, an added Direction, a collapsed ResponseFor and one more trace header', () => {
    const sent = aDocument();
    const text = letter()
      .toString()
      .replace(/(<edXML:DocumentId>.*?<\/edXML:DocumentId>)(<\/edXML:MessageHeader>)/, '$2')
      .replace('<edXML:Code>', `<edXML:DocumentId>${sent.documentId}</edXML:DocumentId><edXML:Code>`)
      .replace(/(<edXML:ToPlaces>.*?<\/edXML:ToPlaces>)(.*?)(<\/edXML:MessageHeader>)/, '$2$1$3')
      .replace(
        '</edXML:OtherInfo>',
        '<edXML:Direction>false</edXML:Direction></edXML:OtherInfo><edXML:ResponseFor/>',
      )
      .replace(
        '<edXML:Bussiness>',
        '<edXML:TraceHeader><edXML:OrganId>00.53.W00</edXML:OrganId><edXML:Timestamp>2026/03/16 09:42:00</edXML:Timestamp></edXML:TraceHeader><edXML:Bussiness>',
      );
    const { document, attachments } = readDocument(Buffer.from(text));
    expect(document).toEqual({
      ...sent,
      otherInfo: { ...sent.otherInfo, direction: 'false' },
      traceHeaders: [...sent.traceHeaders, { organId: '00.53.W00', timestamp: '2026/03/16 09:42:00' }],
    });
    expect(validateDocument(document, attachments, { now: NOW })).toEqual([]);
  });

  test.each([
    ['no signature', '', false],
    ['an empty Signature', '<Signature/>', false],
    ['an empty DigitalSignature', '<edXML:DigitalSignature></edXML:DigitalSignature>', false],
    ['a Signature of white space', '<edXML:Signature>\n </edXML:Signature>', false],
    ['a Signature without the namespace of XMLDSig', '<Signature><SignedInfo/></Signature>', true],
    [
      'a Signature in the namespace of XMLDSig',
      '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/><SignatureValue>AA==</SignatureValue></Signature>',
      true,
    ],
  ])('%s: noted, and the message stays readable', (_, signature, has) => {
    const bytes = Buffer.from(
      letter().toString().replace('</edXML:edXMLHeader>', `${signature}</edXML:edXMLHeader>`),
    );
    expect(readDocument(bytes).document).toEqual(aDocument({ hasSignature: has }));
  });
});

describe('status messages', () => {
  test.each(['01', '02', '03', '04', '05', '06', '13', '15', '16', '07', '99'])('%s is read', (code) => {
    expect(readStatus(writeStatus(aStatus(code)))).toEqual(aStatus(code));
  });

  test('in the order of the vendor: ResponseFor, From, StatusCode, Description, Timestamp, StaffInfo', () => {
    const [from, answered, staff, ...rest] = [
      'From',
      'ResponseFor',
      'StaffInfo',
      'StatusCode',
      'Description',
      'Timestamp',
    ].map(
      (name) =>
        new RegExp(`<edXML:${name}>.*?</edXML:${name}>`).exec(
          writeStatus(aStatus('03')).toString(),
        )?.[0] as string,
    );
    const header = [answered, from, ...rest, staff].join('');
    const bytes = edited(
      /(<edXML:MessageHeader>).*(<\/edXML:MessageHeader>)/,
      `$1${header}$2`,
      writeStatus(aStatus('03')),
    );
    expect(readStatus(bytes)).toEqual(aStatus('03'));
  });

  test('without its StatusCode it is still a status, not a poor document', () => {
    const bytes = edited(/<edXML:StatusCode>.*?<\/edXML:StatusCode>/, '', writeStatus(aStatus('03')));
    expect(readStatus(bytes).statusCode).toBe('');
  });

  test('a clock that runs a day ahead is forgiven, a longer one is not', () => {
    const day = Date.UTC(2026, 2, 15, 10, 5, 44) - 7 * 3_600_000;
    expect(validateStatus(aStatus('03'), { now: day })).toEqual([]);
    expect(validateStatus(aStatus('03'), { now: day - 1 })).toMatchObject([
      { code: 'R.MessageHeader.Timestamp', severity: 'error', expected: 'not-future' },
    ]);
  });

  test('without a clerk the block is absent', () => {
    expect(readStatus(writeStatus(aStatus('01', { staff: null }))).staff).toBeNull();
  });
});

describe('business types', () => {
  test('a message without the block is a new document', () => {
    const bytes = edited(/<edXML:Bussiness>.*<\/edXML:Bussiness>/, '');
    expect(readDocument(bytes).document.business).toEqual(aBusiness({ reason: '', staff: null }));
  });

  test('a block spelled Business is not taken for a new document', () => {
    const { document, attachments } = readDocument(edited(/edXML:Bussiness>/g, 'edXML:Business>'));
    expect(document.business.type).toBeNull();
    expect(validateDocument(document, attachments, { now: NOW })).toMatchObject([
      { code: 'N.TraceHeaderList.Bussiness.BussinessDocType', severity: 'error' },
    ]);
  });

  const types = { new: 0, revoke: 1, update: 2, replace: 3 };
  test.each(Object.entries(types))('%s is read with what belongs to it', (name, type) => {
    const example = VALID.find((one) => one.name === `document-${name}`);
    const { business } = readDocument(example?.bytes as Buffer).document;
    expect(business.type).toBe(type);
    const facts = {
      documentId: business.documentId,
      receivers: business.receivers.map((one) => `${one.receiverType}:${one.organId}`),
      replaced: business.replacements.map((one) => `${one.documentId} for ${one.organIds}`),
    };
    const original = 'H53.32.29,2026/03/16,412/UBND';
    expect(facts).toEqual(
      [
        { documentId: null, receivers: [], replaced: [] },
        { documentId: original, receivers: [], replaced: [] },
        { documentId: original, receivers: ['0:G09', '1:G22'], replaced: [] },
        {
          documentId: null,
          receivers: [],
          replaced: [`${original} for G09,H53`, 'H53.32.29,2026/03/10,398/UBND for G09'],
        },
      ][type],
    );
  });
});
