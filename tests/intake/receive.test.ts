import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Agency } from '../../src/agency/index.ts';
import { DEFAULT_LIMITS, type EdxmlDocument, writeDocument, writeStatus } from '../../src/edxml/index.ts';
import { type ReceiveContext, receive, SECRET_MARKS } from '../../src/intake/index.ts';
import { sha256Hex } from '../../src/kernel/index.ts';
import { aDocument, anAttachment, anOrgan, aReference, aStatus, NOW } from '../builders/edxml.ts';
import { anAgency } from '../builders/records.ts';
import { weakAgencies } from '../builders/weak-agencies.ts';

const SENDER = anAgency({ code: 'H53.32.29', name: 'Ủy ban nhân dân xã Ninh Điền', level: 'commune' });
const MINISTRY = anAgency({
  code: 'G09',
  name: 'Bộ Nội vụ',
  aliases: [{ code: '000.00.00.G09', validFrom: '2016-04-01T00:00:00.000Z', validTo: null }],
});
const LOCKED = anAgency({ code: 'H49', name: 'Tỉnh Mẫu', lockedSince: '2026-01-01T00:00:00.000Z' });
const ENDED = anAgency({
  code: 'H53.32',
  level: 'district',
  validTo: '2025-06-30T17:00:00.000Z',
  successorId: SENDER.id,
});

let context: ReceiveContext;
beforeAll(async () => {
  const agencies = weakAgencies();
  await agencies.put([SENDER, MINISTRY, LOCKED, ENDED], NOW);
  context = {
    agencies,
    limits: DEFAULT_LIMITS,
    secretMarks: SECRET_MARKS,
    senderIds: [SENDER.id],
    now: NOW,
  };
});

const bytesOf = (over: Partial<EdxmlDocument> = {}, attachments = [anAttachment()]) =>
  writeDocument(aDocument(over), attachments);
const to = (...codes: string[]) => ({ to: codes.map((code) => ({ ...anOrgan('G09'), organId: code })) });
const refused = (bytes: Buffer, over: Partial<ReceiveContext> = {}) =>
  receive(bytes, { ...context, ...over }).then(
    () => null,
    (error: unknown) => error,
  );

describe('a submission that may be judged', () => {
  test('is read, summed up and addressed', async () => {
    const bytes = bytesOf({ otherInfo: { ...aDocument().otherInfo, priority: 3 } });
    const submission = await receive(bytes, context);
    expect(submission.summary).toMatchObject({
      edxmlId: 'H53.32.29,2026/03/16,412/UBND',
      businessType: 0,
      codeNumber: '412/UBND',
      priority: 3,
      concerns: [],
      signerName: 'Lê Thị Ngọc Lan',
    });
    expect([submission.sender.code, submission.recipients.map((one: Agency) => one.code)]).toEqual([
      'H53.32.29',
      ['G09'],
    ]);
    expect(submission).toMatchObject({ sha256: sha256Hex(bytes), size: bytes.length });
  });

  test('the main file is the one that the first reference names, the others are annexes; types are sniffed', async () => {
    const annex = anAttachment({ contentId: 'phu-luc', name: 'phuluc.txt', bytes: Buffer.from('phụ lục') });
    const main = anAttachment();
    const references = [aReference(main.contentId, main.name), aReference('phu-luc', 'phuluc.txt')];
    const { attachments } = await receive(bytesOf({ references }, [annex, main]), context);
    expect(attachments.map((one) => [one.name, one.role, one.contentType]).sort()).toEqual([
      ['412_UBND.signed.pdf', 'main', 'application/pdf'],
      ['phuluc.txt', 'annex', 'text/plain'],
    ]);
  });

  test('the same contents in another envelope share their digest, other contents do not', async () => {
    const digest = async (bytes: Buffer) => (await receive(bytes, context)).contentSha256;
    const plain = await digest(bytesOf());
    expect(await digest(bytesOf({ subject: 'V/v khác' }))).toBe(plain);
    const other = anAttachment({ bytes: Buffer.from('%PDF-1.4 khác') });
    expect(await digest(bytesOf({}, [other]))).not.toBe(plain);
  });

  test('an old code of a recipient reaches it', async () => {
    const { recipients } = await receive(bytesOf(to('000.00.00.G09')), context);
    expect(recipients.map((one) => one.code)).toEqual(['G09']);
  });
});

describe('who may send, and to whom', () => {
  test('another sender than the system speaks for is refused, with those it may use', async () => {
    expect(await refused(bytesOf({ from: anOrgan('G09') }))).toMatchObject({
      code: 'intake.sender-not-yours',
      facts: { code: 'G09', allowed: ['H53.32.29'] },
    });
    expect(await refused(bytesOf(), { senderIds: [] })).toMatchObject({ code: 'intake.sender-not-yours' });
  });

  test('all bad recipients are named at once, with what could help', async () => {
    expect(await refused(bytesOf(to('G08', 'G09', 'H49', 'H53.32')))).toMatchObject({
      code: 'intake.unknown-recipient',
      facts: {
        recipients: [
          {
            code: 'G08',
            cause: 'unknown',
            suggestions: expect.arrayContaining([{ code: 'G09', name: 'Bộ Nội vụ' }]),
          },
          { code: 'H49', cause: 'locked', suggestions: [] },
          { code: 'H53.32', cause: 'ended', suggestions: [{ code: 'H53.32.29', name: SENDER.name }] },
        ],
      },
    });
    expect(await refused(bytesOf(to('H49')))).toMatchObject({ code: 'intake.closed-recipient' });
  });

  test('more than 4,000 recipients are refused before any of them is looked up', async () => {
    const many = to(...Array.from({ length: 4_001 }, (_, i) => `H${i}`));
    expect(await refused(bytesOf(many))).toMatchObject({
      code: 'intake.too-many-recipients',
      facts: { count: 4_001, limit: 4_000 },
    });
  });

  test('only the first ten of many wrong codes get suggestions, since each costs a search', async () => {
    const wrong = to(...Array.from({ length: 30 }, (_, i) => `G0${i}.99`));
    const { facts } = (await refused(bytesOf(wrong))) as {
      facts: { recipients: { suggestions: unknown[] }[] };
    };
    expect(facts.recipients).toHaveLength(30);
    expect(facts.recipients.slice(10).flatMap((one) => one.suggestions)).toEqual([]);
  });

  test('one agency under two of its codes is there twice', async () => {
    expect(await refused(bytesOf(to('G09', '000.00.00.G09')))).toMatchObject({
      code: 'intake.duplicate-recipient',
    });
  });
});

describe('markings of state secrecy are refused wherever they stand', () => {
  const main = anAttachment();
  test.each([
    ['subject', bytesOf({ subject: 'TỐI MẬT V/v' })],
    ['sphere', bytesOf({ otherInfo: { ...aDocument().otherInfo, sphereOfPromulgation: 'Tối mật' } })],
    ["attachment's description", bytesOf({}, [anAttachment({ description: 'TỐI MẬT' })])],
    ["attachment's name", bytesOf({}, [anAttachment({ name: 'TỐI MẬT.pdf' })])],
    ["reference's description", bytesOf({ references: [aReference(main.contentId, main.name, 'TỐI MẬT')] })],
    ["reference's attachment name", bytesOf({ references: [aReference(main.contentId, 'TỐI MẬT.pdf')] })],
  ])('%s', async (_, bytes) => {
    expect(await refused(bytes)).toMatchObject({ code: 'intake.state-secret', facts: { rule: 'TỐI MẬT' } });
  });

  test('before anything else is said about the document', async () => {
    const bytes = bytesOf({ ...to('G08'), from: anOrgan('G09'), subject: 'MẬT' });
    expect(await refused(bytes)).toMatchObject({ code: 'intake.state-secret', facts: { rule: 'MẬT' } });
  });
});

describe('what is no submission', () => {
  test('a status message', async () => {
    expect(await refused(writeStatus(aStatus('01')))).toMatchObject({ code: 'intake.not-a-document' });
  });

  test('an invalid document, with all its faults', async () => {
    const error = await refused(bytesOf({ subject: '', documentId: '' }));
    expect(error).toMatchObject({ code: 'intake.invalid-edxml' });
    const { faults } = (error as { facts: { faults: { severity: string }[] } }).facts;
    expect(faults.length).toBeGreaterThanOrEqual(2);
    expect(new Set(faults.map((one) => one.severity))).toEqual(new Set(['error']));
  });

  test.each([
    ['bytes', (size: number) => ({ bytes: size - 1 })],
    ['attachments', () => ({ attachments: 0 })],
    ['attachmentBytes', () => ({ attachmentBytes: 10 })],
    ['text', () => ({ text: 5 })],
    ['elements', () => ({ elements: 10 })],
    ['depth', () => ({ depth: 2 })],
  ])('more than the limit on %s', async (_, limit) => {
    const bytes = bytesOf();
    const limits = { ...DEFAULT_LIMITS, ...limit(bytes.length) };
    const error = await refused(bytes, { limits });
    expect(error).toMatchObject({ code: expect.stringMatching(/^edxml\./) });
    expect(await refused(bytes, { limits: { ...DEFAULT_LIMITS, bytes: bytes.length } })).toBeNull();
  });

  test('a kind of file that is not taken', async () => {
    const limits = { ...DEFAULT_LIMITS, kinds: ['png'] as const };
    expect(await refused(bytesOf(), { limits })).toMatchObject({ code: expect.stringMatching(/^edxml\./) });
  });
});
