import fc from 'fast-check';
import type { EdxmlAttachment, EdxmlDocument, EdxmlStatus, Organ } from '../../src/edxml/index.ts';
import { isZip, sniff } from '../../src/edxml/sniff.ts';
import { vietnamDate, vietnamDateTime } from '../../src/kernel/index.ts';
import { NOW } from './edxml.ts';

/** A text as the model keeps it: characters that XML has, composed, without white space at its ends. */
export function canonicalText(raw: string): string {
  const allowed = Array.from(raw.toWellFormed()).filter((sign) => !NOT_XML.test(sign));
  return allowed.join('').trim().normalize('NFC');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 §2.2 leaves out
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;

const VIETNAMESE = ['Ủy ban nhân dân', 'Đề nghị', 'Hỏa tốc', 'trích yếu', 'đường', 'nghĩa', 'Ữ', 'ậ', 'ợ'];

/** Anything a keyboard, a clipboard or an enemy puts into a field. */
export function rawText(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(...VIETNAMESE),
    fc.constantFrom(...VIETNAMESE).map((word) => word.normalize('NFD')),
    fc.constantFrom('&', '<', '>', '"', "'", ']]>', '&amp;', '&#0;', '<!--', '-->', '<?x?>', '</edXML>'),
    fc.constantFrom(
      ' ',
      '\t',
      '\n',
      '\r',
      '\r\n',
      '\u00A0',
      '\u2003',
      '\u200B',
      '\u2028',
      '\uFEFF',
      '\u0085',
    ),
    fc.constantFrom(
      '\u0000',
      '\u0001',
      '\u000B',
      '\uFFFE',
      '\uD800',
      '\uDC00',
      '\u{1F4DC}',
      '\u202E',
      '\u0301',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.string({ maxLength: 8 }),
  );
  return fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
}

export function text(): fc.Arbitrary<string> {
  return rawText().map(canonicalText);
}

function filled(max: number): fc.Arbitrary<string> {
  return text()
    .map((one) => canonicalText(Array.from(one).slice(0, max).join('')))
    .map((one) => (one === '' ? 'Đ' : one));
}

const nullable = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null });
const some = nullable(text().map((one) => (one === '' ? null : one)));
const integer = fc.integer({ min: -999_999_999, max: 999_999_999 }).map((n) => n + 0 || 0);
const number = nullable(integer);

export function arbitraryOrgan(code: fc.Arbitrary<string> = text()): fc.Arbitrary<Organ> {
  return fc.record({
    organId: code,
    organizationInCharge: text(),
    organName: filled(200),
    organAdd: text(),
    email: text(),
    telephone: text(),
    fax: text(),
    website: text(),
  });
}

const staff = nullable(fc.record({ department: text(), staff: text(), mobile: text(), email: text() }));
const responseFor = fc
  .record({ organId: text(), code: text(), promulgationDate: text(), documentId: text() })
  .filter((one) => one.organId !== '' || one.code !== '' || one.documentId !== '');
const reference = fc.record({
  contentId: text(),
  contentType: text(),
  description: text(),
  attachmentName: text(),
});

/** Any attachment that stands for itself: ZIPs come as real files have them, and executables are refused at the door. */
const content = fc
  .uint8Array({ maxLength: 300 })
  .map((bytes) => Buffer.from(bytes))
  .filter((bytes) => !isZip(bytes) && sniff(bytes) !== 'executable');

function arbitraryAttachment(name: fc.Arbitrary<string>): fc.Arbitrary<EdxmlAttachment> {
  return fc
    .record({ contentId: text(), name, description: text(), contentType: text(), bytes: content })
    .map((one) => ({ ...one, wrapped: false, sniffed: sniff(one.bytes) }));
}

export interface WrittenDocument {
  document: EdxmlDocument;
  attachments: EdxmlAttachment[];
}

const looseDocument: fc.Arbitrary<EdxmlDocument> = fc.record({
  from: arbitraryOrgan(),
  to: fc.array(arbitraryOrgan(), { maxLength: 20 }),
  code: fc.record({ number: text(), notation: text() }),
  promulgation: fc.record({ place: text(), date: text() }),
  documentType: fc.record({ type: number, typeDetail: number, typeName: text() }),
  subject: text(),
  content: text(),
  signerInfo: fc.record({ competence: text(), position: text(), fullName: text() }),
  dueDate: some,
  toPlaces: fc.array(text(), { maxLength: 5 }),
  otherInfo: fc.record({
    priority: number,
    sphereOfPromulgation: text(),
    typerNotation: text(),
    promulgationAmount: number,
    pageAmount: number,
    direction: some,
    appendixes: fc.array(text(), { maxLength: 3 }),
  }),
  responseFor: fc.array(responseFor, { maxLength: 3 }),
  steeringType: number,
  documentId: text(),
  traceHeaders: fc.array(fc.record({ organId: text(), timestamp: text() }), { maxLength: 4 }),
  business: fc.record({
    type: number,
    reason: text(),
    documentId: some,
    documentInfo: number,
    documentReceiver: number,
    receivers: fc.array(fc.record({ organId: text(), receiverType: number }), { maxLength: 3 }),
    staff,
    paper: integer,
    replacements: fc.array(fc.record({ documentId: text(), organIds: fc.array(text(), { maxLength: 3 }) }), {
      maxLength: 3,
    }),
  }),
  hasSignature: fc.constant(false),
  references: fc.array(reference, { maxLength: 0 }),
});

/** Every message that the model can hold, sensible or not, with each attachment paired. */
export const anyDocument: fc.Arbitrary<WrittenDocument> = fc
  .record({
    document: looseDocument,
    attachments: fc.uniqueArray(arbitraryAttachment(filled(80)), {
      maxLength: 6,
      selector: (one) => one.contentId,
    }),
    order: fc.infiniteStream(fc.nat()),
    described: fc.infiniteStream(reference),
  })
  .map(({ document, attachments, order, described }) => {
    const references = attachments.map((one) => ({
      ...(described.next().value as (typeof document.references)[number]),
      contentId: one.contentId,
    }));
    const ranks = new Map(references.map((one) => [one, order.next().value as number]));
    references.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
    return { document: { ...document, references }, attachments };
  });

export const anyStatus: fc.Arbitrary<EdxmlStatus> = fc.record({
  from: arbitraryOrgan(),
  responseFor: fc.record({ organId: text(), code: text(), promulgationDate: text(), documentId: text() }),
  staff,
  statusCode: text(),
  description: text(),
  timestamp: text(),
});

const code = fc.oneof(
  fc.stringMatching(/^[GHK][0-9]{2}(\.[0-9]{2}){0,3}$/),
  fc.stringMatching(/^[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}$/),
  fc.constantFrom('vxp.saas.03', 'H37.DN.001', '01.02.G22'),
);
const moment = fc.integer({ min: Date.UTC(2016, 3, 1), max: NOW });
const date = moment.map(vietnamDate);
const name = filled(80).map((one) => one.replace(/[/\\\p{Cc}\p{Cf}]/gu, '-').replace(/^\.+$/, 'tệp'));

const validBusiness = fc
  .record({
    type: fc.integer({ min: 0, max: 3 }),
    reason: filled(80),
    documentId: filled(80),
    receivers: fc.array(fc.record({ organId: code, receiverType: fc.constantFrom(0, 1) }), { maxLength: 3 }),
    staff,
    replacements: fc.array(
      fc.record({ documentId: filled(80), organIds: fc.array(code, { maxLength: 3 }) }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ type, reason, documentId, receivers, staff: clerk, replacements }) => ({
    type,
    reason,
    documentId: type === 1 || type === 2 ? documentId : null,
    documentInfo: type === 2 ? 1 : null,
    documentReceiver: type === 2 && receivers.length > 0 ? 1 : null,
    receivers: type === 2 ? receivers : [],
    staff: clerk,
    paper: 0,
    replacements: type === 3 ? replacements : [],
  }));

/** Messages in which the validator finds no error, at most warnings. */
export const validDocument: fc.Arbitrary<WrittenDocument> = fc
  .record({
    loose: anyDocument,
    from: arbitraryOrgan(code),
    to: fc.uniqueArray(arbitraryOrgan(code), {
      minLength: 1,
      maxLength: 20,
      selector: (one) => one.organId.toUpperCase(),
    }),
    code: fc.record({ number: filled(11), notation: filled(30) }),
    promulgation: fc.record({ place: filled(50), date }),
    typeName: filled(100),
    subject: filled(500),
    fullName: filled(50),
    priority: fc.integer({ min: 0, max: 4 }),
    documentId: filled(200),
    business: validBusiness,
    names: fc.uniqueArray(name, { minLength: 6, maxLength: 6 }),
  })
  .map(({ loose, typeName, fullName, priority, names, ...rest }) => ({
    document: {
      ...loose.document,
      ...rest,
      documentType: { ...loose.document.documentType, typeName },
      signerInfo: { ...loose.document.signerInfo, fullName },
      otherInfo: { ...loose.document.otherInfo, priority },
      references: loose.document.references.filter((one) => one.contentId !== ''),
    },
    attachments: loose.attachments
      .filter((one) => one.contentId !== '')
      .map((one, i) => {
        const bytes = one.bytes.length === 0 ? Buffer.from('%PDF-1.4') : one.bytes;
        return { ...one, name: names[i] as string, bytes, sniffed: sniff(bytes) };
      }),
  }));

export const validStatus: fc.Arbitrary<EdxmlStatus> = fc.record({
  from: arbitraryOrgan(code),
  responseFor: fc.record({ organId: code, code: text(), promulgationDate: date, documentId: filled(200) }),
  staff,
  statusCode: fc.constantFrom('01', '02', '03', '04', '05', '06', '13', '15', '16'),
  description: filled(200),
  timestamp: moment.map(vietnamDateTime),
});
