/** What can go wrong in the widget. Sentences and remedies in both languages are in error-words.ts. */
export const ERROR_CODES = [
  'E_TICKET_INVALID',
  'E_TICKET_EXPIRED',
  'E_ORIGIN',
  'E_TICKET_USER',
  'E_FORMAT',
  'E_BATCH',
  'E_UNREADABLE',
  'E_XFA',
  'E_DOC_HASH',
  'E_NOT_INCREMENT',
  'E_BYTERANGE',
  'E_HIDDEN_BYTES',
  'E_ACTIVE_CONTENT',
  'E_ATTRIBUTES',
  'E_DIGEST',
  'E_CERT_MISMATCH',
  'E_CODE',
  'E_PROVIDER_NONE',
  'E_KEY_FILE',
  'E_KEY_FILE_LEGACY',
  'E_PIN_WRONG',
  'E_LNA_DENIED',
  'E_LNA_FRAME',
  'E_AGENT_ABSENT',
  'E_AGENT_TLS',
  'E_AGENT_HUNG',
  'E_AGENT_REPLY',
  'E_AGENT_REFUSED',
  'E_AGENT_OUTDATED',
  'E_AGENT_KEY',
  'E_AGENT_CHECK',
  'E_NO_TOKEN',
  'E_OTHER_KEY',
  'E_SIGNATURE',
  'E_PIN_LOCKED',
  'E_PAIRING',
  'E_REMOTE',
  'E_USER_CANCELLED',
  'E_USER_TIMEOUT',
  'E_PLACE',
  'E_CERT',
  'E_CERT_EXPIRED',
  'E_CERT_REVOKED',
  'E_NOT_EXPECTED_SIGNER',
  'E_CAPACITY',
  'E_DELEGATION',
  'E_SEAL_BEFORE_SIGN',
  'E_CONFLICT',
  'E_PREPARED_EXPIRED',
  'E_TSA',
  'E_NETWORK',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** The one error of the widget; everything else that is thrown is a defect. */
export class SignerError extends Error {
  readonly code: ErrorCode;
  /** What the axis says about it, in the official's language. */
  readonly detail: string | null;

  constructor(code: ErrorCode, detail: string | null = null) {
    super(code);
    this.name = 'SignerError';
    this.code = code;
    this.detail = detail;
  }
}

/** Codes of the axis (docs/spec/signing.md §5) → codes of the widget. */
const BY_PROBLEM: Readonly<Record<string, ErrorCode>> = {
  'signing.ticket-unknown': 'E_TICKET_INVALID',
  'signing.ticket-used': 'E_TICKET_INVALID',
  'signing.ticket-expired': 'E_TICKET_EXPIRED',
  'signing.session-expired': 'E_TICKET_EXPIRED',
  'signing.session-unknown': 'E_TICKET_EXPIRED',
  'signing.ticket-other-user': 'E_TICKET_USER',
  'signing.origin-not-allowed': 'E_ORIGIN',
  'signing.not-same-origin': 'E_ORIGIN',
  'signing.certificate-refused': 'E_CERT',
  'signing.certificate-not-bound': 'E_CERT',
  'signing.key-not-supported': 'E_CERT',
  'signing.software-key-refused': 'E_CERT',
  'signing.certificate-expired': 'E_CERT_EXPIRED',
  'signing.certificate-revoked': 'E_CERT_REVOKED',
  'signing.not-expected-signer': 'E_NOT_EXPECTED_SIGNER',
  'signing.capacity-not-allowed': 'E_CAPACITY',
  'signing.seal-before-signature': 'E_SEAL_BEFORE_SIGN',
  'signing.seal-before-number': 'E_SEAL_BEFORE_SIGN',
  'signing.version-differs': 'E_CONFLICT',
  'signing.sealed-already': 'E_CONFLICT',
  'signing.signed-already': 'E_CONFLICT',
  'signing.approved-already': 'E_CONFLICT',
  'signing.prepare-unknown': 'E_PREPARED_EXPIRED',
  'signing.prepare-expired': 'E_PREPARED_EXPIRED',
  'signing.page-not-found': 'E_PLACE',
  'signing.place-off-page': 'E_PLACE',
  'signing.signature-wrong': 'E_DIGEST',
  'signing.remote-refused': 'E_REMOTE',
  'signing.remote-unavailable': 'E_REMOTE',
  'signing.timestamp-unavailable': 'E_TSA',
};

export function errorOfProblem(problem: { code?: unknown; detail?: unknown; title?: unknown }): SignerError {
  const code = typeof problem.code === 'string' ? problem.code : '';
  const known = code.startsWith('signing.delegation-') ? 'E_DELEGATION' : BY_PROBLEM[code];
  // What is wrong, and what can be done about it.
  const said = [problem.title, problem.detail].filter((one) => typeof one === 'string' && one !== '');
  return new SignerError(known ?? 'E_NETWORK', said.length > 0 ? said.join('. ') : null);
}

/** What the official can do: choose again, sign another way, send the same signature again, or nothing here. */
export type Remedy = 'choose' | 'other-way' | 'send-again' | 'leave';

const CHOOSE: readonly ErrorCode[] = [
  'E_KEY_FILE',
  'E_KEY_FILE_LEGACY',
  'E_PIN_WRONG',
  'E_OTHER_KEY',
  'E_SIGNATURE',
  'E_PAIRING',
  'E_USER_CANCELLED',
  'E_USER_TIMEOUT',
  'E_PLACE',
  'E_CERT',
  'E_CERT_EXPIRED',
  'E_CERT_REVOKED',
  'E_NOT_EXPECTED_SIGNER',
  'E_PREPARED_EXPIRED',
];

/** What a provider fails with while another one may work. */
const OTHER_WAY: readonly ErrorCode[] = [
  'E_LNA_DENIED',
  'E_LNA_FRAME',
  'E_AGENT_ABSENT',
  'E_AGENT_TLS',
  'E_AGENT_HUNG',
  'E_AGENT_REPLY',
  'E_AGENT_REFUSED',
  'E_AGENT_OUTDATED',
  'E_AGENT_KEY',
  'E_NO_TOKEN',
  'E_PIN_LOCKED',
  'E_REMOTE',
];

/** Whether the same signature may be sent once more. */
export function isSentAgain(code: ErrorCode): boolean {
  return code === 'E_TSA' || code === 'E_NETWORK';
}

/** @param signed whether the key has made its signature already */
export function remedyOf(code: ErrorCode, signed: boolean): Remedy {
  if (isSentAgain(code)) return signed ? 'send-again' : 'choose';
  if (CHOOSE.includes(code)) return 'choose';
  return OTHER_WAY.includes(code) ? 'other-way' : 'leave';
}
