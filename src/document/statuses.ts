/** Business status codes of the axis (domain: 01 … 06, 13, 15, 16); others are stored and move nothing. */
export const KNOWN_STATUSES = ['01', '02', '03', '04', '05', '06', '13', '15', '16'] as const;
export type KnownStatus = (typeof KNOWN_STATUSES)[number];

/** Codes that are nothing without a reason (QĐ 28/2018 art. 5.4 and 9.2; NĐ 30/2020 art. 18.4b). */
export const NEEDS_REASON: readonly string[] = ['02', '13', '16'];

/** One status message about a document, as first received from its reporter. */
export interface StatusRecord {
  statusId: string;
  documentId: string;
  /** Agency that reports. */
  reporterId: string;
  reporterCode: string;
  /** Agency that is told: the sender, or for 13 the recipient that is asked. */
  addresseeId: string;
  code: string;
  description: string;
  /** Time written in the message, RFC 3339 UTC; the reporter's claim. */
  statedAt: string;
  receivedAt: string;
  /** False when the order of codes says that it cannot follow; advisory, it is stored and delivered all the same. */
  inOrder: boolean;
  sha256: string;
  size: number;
  content: string;
}

/** What may follow what, `sent` being the state before any status. */
const AFTER: Record<KnownStatus, readonly string[]> = {
  '01': ['sent'],
  '02': ['sent', '01'],
  '03': ['sent', '01'],
  '04': ['03'],
  '05': ['03', '04'],
  '06': ['03', '04', '05'],
  '13': ['sent', '01', '02', '03', '04', '05', '06'],
  '15': ['13'],
  '16': ['13'],
};

export function isKnownStatus(code: string): code is KnownStatus {
  return (KNOWN_STATUSES as readonly string[]).includes(code);
}

/** True when `code` may come after the statuses so far (oldest first) of the same document and recipient. */
export function followsInOrder(code: string, before: readonly string[]): boolean {
  if (!isKnownStatus(code)) return false;
  const known = before.filter(isKnownStatus);
  if (code === '15' || code === '16') return lastRequestIsOpen(known);
  const current = businessStatus(known) ?? 'sent';
  return AFTER[code].includes(current);
}

function lastRequestIsOpen(known: readonly KnownStatus[]): boolean {
  const request = known.lastIndexOf('13');
  return request >= 0 && !known.slice(request + 1).some((code) => code === '15' || code === '16');
}

const FORWARD = ['01', '02', '03', '04', '05', '06'];

/**
 * Business status of a recipient from all its statuses: the furthest step reached; 02 is final unless a later 03
 * shows that the document was taken in after all. Recall requests and answers do not move it.
 * @returns a two-digit code, or null before the first
 */
export function businessStatus(codes: readonly string[]): string | null {
  let current: string | null = null;
  for (const code of codes) {
    if (!FORWARD.includes(code)) continue;
    if (current === null || FORWARD.indexOf(code) > FORWARD.indexOf(current)) current = code;
  }
  return current;
}
