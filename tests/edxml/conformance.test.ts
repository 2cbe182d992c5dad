import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  checkConformance,
  DEFAULT_LIMITS,
  type EdxmlFault,
  validateDocument,
  validateStatus,
  writeDocument,
  writeStatus,
} from '../../src/edxml/index.ts';
import { parseTree } from '../../src/edxml/tree.ts';
import { edxmlFaultSentence } from '../../src/messages/index.ts';
import { aBusiness, aDocument, anAttachment, anOrgan, aReference, aStatus, NOW } from '../builders/edxml.ts';
import { anyDocument, anyStatus } from '../builders/edxml-arbitraries.ts';
import { testSeed } from '../random.ts';
import { everyFault, faultKey } from './every-fault.ts';
import { render } from './render.ts';

const seed = testSeed();
const SPEC = new URL('../../docs/spec/edxml.md', import.meta.url);

/** The message with every element on its own line. */
function onLines(bytes: Buffer): Buffer {
  const root = parseTree(bytes, DEFAULT_LIMITS);
  return render(root, { prefix: '', pretty: true, order: (children) => children });
}

/** The element that stands on the line of a fault. */
function elementAt(bytes: Buffer, { line }: EdxmlFault): string | undefined {
  const text = bytes.toString().split('\n')[(line ?? 0) - 1] ?? '';
  return /<(\w+)/.exec(text)?.[1];
}

describe('all faults of a file are named at once', () => {
  const document = aDocument({
    to: [anOrgan('G09'), { ...anOrgan('G22'), organId: 'G22/1' }],
    code: { number: '', notation: 'UBND' },
    promulgation: { place: 'Ninh Điền', date: '16/03/2026' },
    subject: 'ữ'.repeat(501),
    business: aBusiness({ type: 1, reason: '', documentId: 'x' }),
  });
  const bytes = onLines(writeDocument(document, [anAttachment()]));
  const { ok, kind, faults } = checkConformance(bytes, { now: NOW });

  test('five faults, each with its path and the line on which the element stands', () => {
    expect({ ok, kind }).toEqual({ ok: false, kind: 'document' });
    expect(faults.map((one) => [one.code, one.path, elementAt(bytes, one)])).toEqual([
      ['M.MessageHeader.To.OrganId', 'MessageHeader/To[2]/OrganId', 'OrganId'],
      ['N.MessageHeader.Code.CodeNumber', 'MessageHeader/Code/CodeNumber', 'CodeNumber'],
      ['R.MessageHeader.Subject', 'MessageHeader/Subject', 'Subject'],
      ['M.MessageHeader.PromulgationInfo.PromulgationDate', 'MessageHeader/PromulgationInfo/PromulgationDate', 'PromulgationDate'],
      ['N.TraceHeaderList.Bussiness.BussinessDocReason', 'TraceHeaderList/Bussiness/BussinessDocReason', 'BussinessDocReason'],
    ]); // biome-ignore format: a table
    expect(bytes.toString().split('\n')[(faults[0]?.line ?? 0) - 1]).toContain('G22/1');
  });

  test('in Vietnamese and in English', () => {
    const [code, number, subject, date, reason] = faults.map((one) => one.line);
    expect(faults.map((one) => edxmlFaultSentence(one, 'vi'))).toEqual([
      `Mã định danh cơ quan của bên nhận (2) [MessageHeader/To[2]/OrganId] là "G22/1"; cần mã theo QĐ 20/2020, ví dụ H53.06 (dòng ${code}).`,
      `Thiếu số văn bản [MessageHeader/Code/CodeNumber] (dòng ${number}).`,
      `Trích yếu [MessageHeader/Subject] có 501 ký tự; tối đa 500 (dòng ${subject}).`,
      `Ngày ban hành [MessageHeader/PromulgationInfo/PromulgationDate] là "16/03/2026"; cần ngày dạng yyyy/MM/dd (dòng ${date}).`,
      `Thiếu lý do nghiệp vụ [TraceHeaderList/Bussiness/BussinessDocReason] (dòng ${reason}).`,
    ]);
    expect(faults.map((one) => edxmlFaultSentence(one, 'en'))).toEqual([
      `The agency code of a recipient (2) [MessageHeader/To[2]/OrganId] is "G22/1"; expected: a code in the form of QĐ 20/2020, for example H53.06 (line ${code}).`,
      `The document number [MessageHeader/Code/CodeNumber] is missing (line ${number}).`,
      `The subject [MessageHeader/Subject] has 501 characters; at most 500 are allowed (line ${subject}).`,
      `The date of issue [MessageHeader/PromulgationInfo/PromulgationDate] is "16/03/2026"; expected: a date as yyyy/MM/dd (line ${date}).`,
      `The reason of the business type [TraceHeaderList/Bussiness/BussinessDocReason] is missing (line ${reason}).`,
    ]);
  });

  test('a missing element is told with the line of the one that should hold it', () => {
    const text = bytes.toString().replace(/ *<Priority>.*\n/, '');
    const [fault] = checkConformance(Buffer.from(text), { now: NOW }).faults.filter((one) =>
      one.path.endsWith('Priority'),
    );
    expect(fault && elementAt(Buffer.from(text), fault)).toBe('OtherInfo');
  });

  test('a number in words is quoted', () => {
    const text = bytes.toString().replace('<Priority>0<', '<Priority>Khẩn<');
    const [fault] = checkConformance(Buffer.from(text), { now: NOW }).faults.filter((one) =>
      one.path.endsWith('Priority'),
    );
    expect(fault).toMatchObject({
      code: 'M.MessageHeader.OtherInfo.Priority',
      actual: 'Khẩn',
      expected: '0..4',
    });
  });

  test('faults of single attachments stand beside those of the header', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const files = ids.map((id) => anAttachment({ contentId: id, name: `${id}.pdf` }));
    files.push(anAttachment({ contentId: 'e', name: 'e.exe', bytes: Buffer.from('MZ\x90\0') }));
    const references = [...ids, 'missing'].map((id) => aReference(id, `${id}.pdf`));
    const written = onLines(writeDocument(aDocument({ subject: '', references }), files)).toString();
    const broken = Buffer.from(written.replace(/(<ContentTransferEncoded>)/, '$1*'));
    const found = checkConformance(broken, { now: NOW }).faults;
    expect(found.map((one) => [one.code, one.expected, one.line === null ? null : elementAt(broken, one)])).toEqual([
      ['N.MessageHeader.Subject', 'present', 'Subject'],
      ['M.AttachmentEncoded.Attachment', 'edxml.attachment-unpaired', 'Attachment'],
      ['M.edXMLManifest.Reference', 'edxml.attachment-unpaired', 'Reference'],
      ['M.AttachmentEncoded.Attachment.ContentTransferEncoded', 'edxml.attachment-base64', 'ContentTransferEncoded'],
      ['M.AttachmentEncoded.Attachment', 'edxml.attachment-kind', 'Attachment'],
    ]); // biome-ignore format: a table
  });

  test('an attachment behind one that cannot be read keeps its place', () => {
    const ids = ['a', 'b'];
    const references = ids.map((id) => aReference(id, `${id}.pdf`));
    const files = ids.map((id) => anAttachment({ contentId: id, name: id === 'b' ? '../b' : id }));
    const written = writeDocument(aDocument({ references }), files).toString();
    const broken = Buffer.from(written.replace(/(<edXML:ContentTransferEncoded[^>]*>)/, '$1*'));
    expect(checkConformance(broken, { now: NOW }).faults.map((one) => one.path)).toEqual([
      'AttachmentEncoded/Attachment[2]/AttachmentName',
      'AttachmentEncoded/Attachment/ContentTransferEncoded',
    ]);
  });

  test('a status message: four faults', () => {
    const status = aStatus('2', {
      timestamp: '16/03/2026',
      responseFor: { ...aStatus('2').responseFor, documentId: '' },
    });
    const report = checkConformance(
      onLines(writeStatus({ ...status, from: { ...status.from, organId: '' } })),
      { now: NOW },
    );
    expect(report.kind).toBe('status');
    expect(report.faults.map((one) => one.code)).toEqual([
      'N.MessageHeader.From.OrganId',
      'N.MessageHeader.ResponseFor.DocumentId',
      'M.MessageHeader.StatusCode',
      'M.MessageHeader.Timestamp',
    ]);
  });

  test('warnings alone are conformant', () => {
    const sloppy = aDocument({ traceHeaders: [], steeringType: 7, dueDate: '27/03/2026' });
    const report = checkConformance(writeDocument(sloppy, [anAttachment()]), { now: NOW });
    expect(report.ok).toBe(true);
    expect(report.faults.map((one) => one.severity)).toEqual(['warning', 'warning', 'warning']);
  });

  test('a file that is no XML has one fault, with its line and cause', () => {
    const cut = Buffer.from(bytes.toString().replace('</Code>', ''));
    const report = checkConformance(cut, { now: NOW });
    expect(report).toMatchObject({
      ok: false,
      kind: 'unreadable',
      faults: [{ expected: 'edxml.not-well-formed' }],
    });
    expect(report.faults[0]?.line).toBeGreaterThan(1);
    expect(report.faults[0]?.actual).toContain('Opening and ending tag mismatch: Code');
  });

  test('a DOCTYPE is told with its line', () => {
    const text = `<?xml version="1.0"?>\n\n<!DOCTYPE edXML>\n${bytes}`;
    expect(checkConformance(Buffer.from(text), { now: NOW }).faults).toMatchObject([
      { expected: 'edxml.dtd-forbidden', line: 3 },
    ]);
  });

  test('beyond line 65,535 the line is not known rather than wrong', () => {
    const text = bytes
      .toString()
      .replace('<AttachmentEncoded>', `${'\n'.repeat(70_000)}$&`)
      .replace('412_UBND.signed.pdf</AttachmentName>\n    <D', '..$&');
    const far = Buffer.from(text.replace(/(<ContentTransferEncoded>)[^<]*/, '$1'));
    const fault = checkConformance(far, { now: NOW }).faults.at(-1);
    expect(fault).toMatchObject({
      code: 'M.AttachmentEncoded.Attachment.ContentTransferEncoded',
      line: null,
    });
  });
});

/** A row of the table of validator faults. */
function row(fault: EdxmlFault): string {
  const told = (language: 'vi' | 'en') =>
    edxmlFaultSentence(
      { ...fault, path: fault.path.replace(/\[\d+\]/g, ''), actual: '…', line: null },
      language,
    ).replace(/ \[.*\]/, '');
  return `| \`${fault.code}\` | ${fault.severity} | \`${fault.expected}\` | ${told('vi')} | ${told('en')} |`;
}

function readingRow(code: string): string {
  const fault: EdxmlFault = {
    code: '',
    kind: 'M',
    path: '',
    line: null,
    severity: 'error',
    expected: code,
    actual: '',
  };
  return `| \`${code}\` | ${edxmlFaultSentence(fault, 'vi')} | ${edxmlFaultSentence(fault, 'en')} |`;
}

describe('the table of faults in the specification', () => {
  const rows = readFileSync(SPEC, 'utf8').split('\n');

  test('has every fault of the validator with its sentences, and no other', () => {
    expect(rows.filter((line) => /^\| `[NRM]\./.test(line))).toEqual(everyFault().map(row));
  });

  test('has every reading error with its sentences, and no other', () => {
    const source = readFileSync(new URL('../../src/edxml/errors.ts', import.meta.url), 'utf8');
    const codes = [...source.matchAll(/'(edxml\.[\w-]+)'/g)].map((match) => match[1] as string);
    expect(rows.filter((line) => /^\| `edxml\./.test(line))).toEqual(codes.map(readingRow));
  });

  test('is complete: no message at all has a fault that is not in it', () => {
    const known = new Set(everyFault().map(faultKey));
    fc.assert(
      fc.property(anyDocument, anyStatus, ({ document, attachments }, status) => {
        const found = [
          ...validateDocument(document, attachments, { now: NOW }),
          ...validateStatus(status, { now: NOW }),
        ];
        expect(found.map(faultKey).filter((key) => !known.has(key))).toEqual([]);
      }),
      { seed, numRuns: 500 },
    );
  });

  test('calls every element by a name of its own language', () => {
    const raw = everyFault().filter((fault) => {
      const element = fault.path
        .replace(/\[\d+\]/g, '')
        .split('/')
        .at(-1) as string;
      return row(fault)
        .split('|')
        .slice(4)
        .some((told) => new RegExp(`\\b${element}\\b`).test(told));
    });
    expect(raw.map((one) => one.code)).toEqual([]);
  });
});
