import { Readable } from 'node:stream';
import type { Language } from '../messages/index.ts';
import { momentText } from '../rendering/index.ts';
import { stateText } from './line-state.ts';
import type { ShownLine } from './log-read.ts';
import type { StoppedLine } from './stopped.ts';
import { stoppedText } from './stopped-page.ts';

const COLUMNS = [
  ['createdAt', 'Thời điểm', 'Time'],
  ['codeNumber', 'Số, ký hiệu', 'Number'],
  ['subject', 'Trích yếu', 'Subject'],
  ['senderCode', 'Mã nơi gửi', 'Sender code'],
  ['sender', 'Nơi gửi', 'Sender'],
  ['recipientCode', 'Mã nơi nhận', 'Recipient code'],
  ['recipient', 'Nơi nhận', 'Recipient'],
  ['priority', 'Độ khẩn', 'Urgency'],
  ['state', 'Trạng thái', 'State'],
  ['business', 'Nơi nhận báo', 'Reported'],
  ['failure', 'Lỗi', 'Failure'],
  ['attempts', 'Số lần thử', 'Attempts'],
  ['fetchedAt', 'Lấy lúc', 'Fetched at'],
  ['deadline', 'Hạn chuyển', 'Deadline'],
  ['size', 'Dung lượng (byte)', 'Size (bytes)'],
  ['sha256', 'sha256', 'sha256'],
  ['documentId', 'Mã văn bản', 'Document id'],
  ['deliveryId', 'Mã lượt chuyển', 'Delivery id'],
] as const;

type Cell = string | number | null;

/** A line of the log: a delivery, or a submission that has none. */
export type ExportLine = ShownLine | StoppedLine;

export function headings(lang: Language): string[] {
  return COLUMNS.map(([, vi, en]) => (lang === 'vi' ? vi : en));
}

/** A line as values in the order of {@link headings}, as people read them. */
export function cellsOf(one: ExportLine, lang: Language): Cell[] {
  return 'line' in one ? deliveryCells(one, lang) : stoppedCells(one, lang);
}

function stoppedCells(one: StoppedLine, lang: Language): Cell[] {
  const { at, sender, document, refusal } = one;
  const cells: Partial<Record<(typeof COLUMNS)[number][0], Cell>> = {
    createdAt: momentText(at),
    codeNumber: document?.codeNumber ?? null,
    subject: document?.subject ?? null,
    senderCode: sender?.code ?? null,
    sender: sender?.name ?? null,
    state: stoppedText(one, lang),
    failure: refusal?.code ?? null,
    attempts: refusal?.count ?? null,
    sha256: document?.sha256 ?? refusal?.sha256 ?? null,
    documentId: document?.documentId ?? refusal?.refusalId ?? null,
  };
  return COLUMNS.map(([name]) => cells[name] ?? null);
}

function deliveryCells({ line, document, sender, recipient }: ShownLine, lang: Language): Cell[] {
  return [
    momentText(line.createdAt),
    document?.codeNumber ?? null,
    document?.subject ?? null,
    line.senderCode,
    sender?.name ?? null,
    line.recipientCode,
    recipient?.name ?? null,
    line.priority,
    stateText(line, lang),
    line.business,
    line.failure,
    line.attempts,
    line.fetchedAt === null ? null : momentText(line.fetchedAt),
    momentText(line.deadline),
    line.size,
    line.sha256,
    line.documentId,
    line.deliveryId,
  ];
}

/**
 * A cell of RFC 4180. What a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection): text from
 * outside must not compute on the machine of who opens it.
 */
export function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[\s]*[=+\-@\t\r|%]/.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** @param bom begins with the mark by which Excel knows UTF-8 */
export function csv(pages: AsyncIterable<ExportLine[]>, lang: Language, bom: boolean): Readable {
  return Readable.from(
    (async function* () {
      yield `${bom ? '\ufeff' : ''}${headings(lang).map(csvCell).join(',')}\r\n`;
      for await (const page of pages)
        yield page.map((one) => `${cellsOf(one, lang).map(csvCell).join(',')}\r\n`).join('');
    })(),
  );
}

/** One JSON object a line, codes as in the API, times RFC 3339 UTC. */
export function ndjson(pages: AsyncIterable<ExportLine[]>): Readable {
  return Readable.from(
    (async function* () {
      for await (const page of pages) yield page.map((one) => `${JSON.stringify(objectOf(one))}\n`).join('');
    })(),
  );
}

function objectOf(one: ExportLine): object {
  if ('line' in one) return deliveryObject(one);
  const { at, state, sender, document, refusal } = one;
  return {
    ...(document ? { documentId: document.documentId } : { refusalId: refusal?.refusalId ?? null }),
    ...{ kind: 'submission', createdAt: at, state },
    codeNumber: document?.codeNumber ?? null,
    subject: document?.subject ?? null,
    from: { code: sender?.code ?? null, name: sender?.name ?? null },
    failure: refusal?.code ?? null,
    count: refusal?.count ?? 1,
    sha256: document?.sha256 ?? refusal?.sha256 ?? null,
  };
}

function deliveryObject({ line, document, sender, recipient }: ShownLine): object {
  const { deliveryId, documentId, kind, createdAt, state, priority, business, failure, attempts } = line;
  return {
    ...{ deliveryId, documentId, kind, createdAt },
    codeNumber: document?.codeNumber ?? null,
    subject: document?.subject ?? null,
    from: { code: line.senderCode, name: sender?.name ?? null },
    to: { code: line.recipientCode, name: recipient?.name ?? null },
    ...{ state, priority, business, failure, attempts },
    fetchedAt: line.fetchedAt,
    deadline: line.deadline,
    size: line.size,
    sha256: line.sha256,
  };
}
