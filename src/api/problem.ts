import type { ErrorRequestHandler, Request, Response } from 'express';
import type { EdxmlFault } from '../edxml/index.ts';
import type { Log } from '../kernel/index.ts';
import { isTrucError, newId, systemCode, TrucError } from '../kernel/index.ts';
import {
  type Bilingual,
  edxmlFaultSentence,
  fill,
  type Language,
  languageOf,
  PROBLEMS,
  type ProblemCode,
} from '../messages/index.ts';

/** The one place that knows HTTP status codes for problem codes. */
const STATUS: Record<ProblemCode, number> = {
  'agency.code-malformed': 422,
  'agency.code-taken': 409,
  'agency.unknown': 404,
  'agency.import-invalid': 422,
  'agency.parent-unknown': 422,
  'agency.person-unknown': 404,
  'agency.person-changed-meanwhile': 409,
  'agency.subject-taken': 409,
  'agency.role-invalid': 422,
  'agency.login-certificate': 403,
  'agency.binding-invalid': 422,
  'agency.not-a-certificate': 422,
  'agency.person-out-of-reach': 403,
  'agency.role-not-held': 409,
  'agency.provider-away': 503,
  'agency.login-declined': 403,
  'agency.login-invalid': 400,
  'delivery.unknown': 404,
  'delivery.not-leased': 409,
  'delivery.already-acknowledged': 409,
  'delivery.cancelled': 409,
  'delivery.not-failed': 409,
  'delivery.not-cancellable': 409,
  'delivery.changed-meanwhile': 409,
  'document.unknown': 404,
  'document.blob-missing': 500,
  'document.content-expired': 410,
  'document.destroyed': 410,
  'document.calendar-invalid': 422,
  'exchange.not-a-party': 404,
  'exchange.not-a-recipient': 403,
  'exchange.status-unknown': 404,
  'exchange.status-reason-missing': 422,
  'exchange.status-not-readable': 422,
  'exchange.digest-mismatch': 422,
  'exchange.not-recallable': 409,
  'exchange.not-held': 409,
  'exchange.period-unknown': 404,
  'exchange.content-kept': 409,
  'exchange.consent-missing': 403,
  'exchange.consent-invalid': 403,
  'exchange.consent-malformed': 422,
  'exchange.consent-not-yours': 403,
  'exchange.consent-other-use': 403,
  'exchange.consent-expired': 403,
  'exchange.consent-revoked': 403,
  'exchange.result-unknown': 404,
  'exchange.result-recalled': 409,
  'exchange.overloaded': 503,
  'exchange.stopping': 503,
  'intake.too-large': 413,
  'intake.invalid-edxml': 422,
  'intake.not-a-document': 422,
  'intake.sender-not-yours': 403,
  'intake.unknown-recipient': 422,
  'intake.closed-recipient': 422,
  'intake.duplicate-recipient': 422,
  'intake.too-many-recipients': 422,
  'intake.state-secret': 422,
  'intake.attachment-refused': 422,
  'intake.signature-failed': 422,
  'intake.conflict': 409,
  'intake.act-open': 409,
  'intake.unknown-reference': 422,
  'intake.result-malformed': 422,
  'signing.document-unknown': 404,
  'signing.reference-taken': 409,
  'signing.pdf-not-usable': 422,
  'signing.xml-not-usable': 422,
  'signing.signed-already': 409,
  'signing.approved-already': 409,
  'signing.page-not-found': 422,
  'signing.text-not-drawable': 422,
  'signing.place-off-page': 422,
  'signing.origin-not-registered': 422,
  'signing.origin-not-allowed': 403,
  'signing.not-same-origin': 403,
  'signing.ticket-unknown': 401,
  'signing.ticket-used': 401,
  'signing.pass-unknown': 404,
  'signing.pass-used': 410,
  'signing.pass-expired': 410,
  'signing.file-not-offered': 422,
  'signing.file-other-document': 422,
  'signing.file-changed': 422,
  'signing.ticket-expired': 401,
  'signing.ticket-other-user': 403,
  'signing.session-unknown': 401,
  'signing.session-expired': 401,
  'signing.signer-missing': 422,
  'signing.certificate-refused': 422,
  'signing.certificate-expired': 422,
  'signing.certificate-revoked': 422,
  'signing.certificate-not-bound': 403,
  'signing.not-expected-signer': 403,
  'signing.key-not-supported': 422,
  'signing.software-key-refused': 403,
  'signing.capacity-not-allowed': 422,
  'signing.delegation-missing': 422,
  'signing.delegation-not-in-force': 422,
  'signing.delegation-withdrawn': 422,
  'signing.delegation-not-theirs': 422,
  'signing.delegation-passed-on': 422,
  'signing.seal-before-signature': 422,
  'signing.seal-before-number': 422,
  'signing.number-before-signature': 422,
  'signing.number-there': 409,
  'signing.number-taken': 409,
  'signing.sealed-already': 409,
  'signing.earlier-signature-broken': 422,
  'signing.version-differs': 409,
  'signing.prepare-unknown': 404,
  'signing.prepare-expired': 410,
  'signing.signature-wrong': 422,
  'signing.remote-refused': 422,
  'signing.remote-unavailable': 503,
  'signing.timestamp-unavailable': 503,
  'signing.result-not-passed': 422,
  'signing.not-augmentable': 422,
  'signing.level-not-reached': 422,
  'work.file-unknown': 404,
  'work.step-not-now': 409,
  'work.role-missing': 403,
  'work.not-your-turn': 403,
  'work.same-person': 403,
  'work.checks-missing': 422,
  'work.changed-meanwhile': 409,
  'work.number-taken': 409,
  'work.reason-missing': 422,
  'work.recipients-missing': 422,
  'work.signer-without-certificate': 422,
  'work.person-unknown': 422,
  'work.text-too-long': 422,
  'work.has-own-system': 409,
  'work.annex-not-usable': 422,
  'work.annexes-unsealed': 409,
  'work.batch-mixed': 422,
  'work.amends-unknown': 422,
  'work.other-office': 409,
  'api.unauthorized': 401,
  'api.login-needed': 401,
  'api.role-missing': 403,
  'api.csrf': 403,
  'api.login-wrong': 401,
  'api.login-unknown-person': 403,
  'api.login-not-configured': 503,
  'api.invalid-client': 401,
  'api.invalid-grant': 400,
  'api.forbidden-scope': 403,
  'api.not-found': 404,
  'api.invalid-request': 400,
  'api.unsupported-media-type': 415,
  'api.method-not-allowed': 405,
  'api.rate-limited': 429,
  'api.internal': 500,
  'api.storage-unavailable': 503,
};

const RETRY_AFTER_SECONDS: Partial<Record<ProblemCode, number>> = {
  'exchange.overloaded': 2,
  'exchange.stopping': 5,
  'api.storage-unavailable': 10,
  'api.rate-limited': 1,
  'intake.act-open': 60,
  'signing.remote-unavailable': 10,
  'signing.timestamp-unavailable': 3,
};

/** Facts that never leave the process as they are; faults and issues leave as `errors`, with their sentences. */
const PRIVATE_FACTS = ['stack', 'path', 'faults', 'issues'];

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  [fact: string]: unknown;
}

/** RFC 9457 problem for a code and its facts. */
export function problemOf(
  code: ProblemCode,
  facts: Readonly<Record<string, unknown>>,
  language: Language,
): Problem {
  const text = PROBLEMS[code];
  const visible = Object.fromEntries(Object.entries(facts).filter(([name]) => !PRIVATE_FACTS.includes(name)));
  return {
    ...visible,
    type: `urn:truc:problem:${code}`,
    title: fill(text.title[language], facts),
    status: STATUS[code],
    code,
    detail: fill(text.remedy[language], facts),
    ...errorsOf(facts, language),
  };
}

/** Where a parameter or field is wrong and what was expected there. */
type Issue = { path: string } & Bilingual;

function errorsOf(facts: Readonly<Record<string, unknown>>, language: Language): { errors?: object[] } {
  if (Array.isArray(facts.faults))
    return { errors: (facts.faults as EdxmlFault[]).map((fault) => faultOf(fault, language)) };
  if (Array.isArray(facts.issues))
    return {
      errors: (facts.issues as Issue[]).map((issue) => ({ path: issue.path, message: issue[language] })),
    };
  return {};
}

function faultOf(fault: EdxmlFault, language: Language) {
  return {
    code: fault.code,
    path: fault.path,
    line: fault.line,
    message: edxmlFaultSentence(fault, language),
  };
}

export function sendProblem(
  request: Request,
  response: Response,
  code: ProblemCode,
  facts: Readonly<Record<string, unknown>> = {},
): void {
  const problem = problemOf(code, facts, languageOf(request.get('accept-language')));
  setRetryAfter(response, code, facts);
  if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer realm="truc"');
  response
    .status(problem.status)
    .type('application/problem+json')
    .set('Content-Language', languageOf(request.get('accept-language')));
  response.send(JSON.stringify(problem));
}

/** Codes of inner rooms that outsiders see under another name. */
const OUTWARD: Readonly<Record<string, ProblemCode>> = {
  'ledger.backlog-full': 'exchange.overloaded',
  'ledger.stopped': 'api.storage-unavailable',
  'ledger.no-writer': 'exchange.overloaded',
  'ledger.write-failed': 'api.storage-unavailable',
  'ledger.clock-moved-back': 'api.storage-unavailable',
  'adapters.store-failed': 'api.storage-unavailable',
};

/** Said to many callers at once when the axis drains or is full: no fault to look into. */
const OF_THE_MOMENT: readonly ProblemCode[] = [
  'exchange.stopping',
  'exchange.overloaded',
  'signing.timestamp-unavailable',
];

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** The code under which outsiders meet an error; null where it is none of theirs. */
function outwardCode(error: unknown): ProblemCode | null {
  const code = isTrucError(error) ? (OUTWARD[error.code] ?? error.code) : '';
  return isProblemCode(code) ? code : null;
}

/**
 * The problem of one item of a list whose other items may have succeeded, in the form that a failed request would have.
 * What is nobody's fault but ours goes to the log, with a reference.
 */
export function itemProblem(error: unknown, language: Language, log: Log): Problem {
  const known = outwardCode(error);
  if (known !== null && STATUS[known] !== 500) return problemOf(known, (error as TrucError).facts, language);
  const reference = newId();
  log.error({ reference, error: describe(error) }, 'an item of a request failed unexpectedly');
  return problemOf('api.internal', { reference }, language);
}

/** The last handler: a known error becomes its problem, anything else a 500 with a reference into the log. */
export function errorHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    // Whoever gave up in the middle of a body hears nothing any more.
    if (request.destroyed && !request.complete) return void response.destroy();
    const known = outwardCode(error);
    if (known !== null && STATUS[known] !== 500) {
      if (STATUS[known] >= 500 && !OF_THE_MOMENT.includes(known))
        log.error({ code: known, cause: describe(error) }, 'request failed');
      return sendProblem(request, response, known, (error as TrucError).facts);
    }
    const client = clientError(error);
    if (client) return sendProblem(request, response, client.code as ProblemCode, client.facts);
    if (DISK_FAULTS.includes(systemCode(error) ?? '')) {
      log.error({ code: 'api.storage-unavailable', cause: describe(error) }, 'request failed');
      return sendProblem(request, response, 'api.storage-unavailable');
    }
    const reference = newId();
    log.error({ reference, error: describe(error) }, 'request failed unexpectedly');
    sendProblem(request, response, 'api.internal', { reference });
  };
}

/** What the system says when a disk is full, over its quota, read-only or broken. */
const DISK_FAULTS: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO'];

/** Errors that express itself throws for requests that cannot be read: bad percent-encoding, JSON too long, unknown encodings. */
export function clientError(error: unknown): TrucError<ProblemCode> | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  if (error.status === 400) return new TrucError('api.invalid-request');
  if (error.status === 415)
    return new TrucError('api.unsupported-media-type', { expected: ['application/json; charset=utf-8'] });
  if (error.status !== 413) return null;
  const { limit, length } = error as { limit?: number; length?: number };
  return new TrucError('intake.too-large', { limit: limit ?? '', size: length ?? '' });
}

/** When whoever was turned away may come again. */
export function setRetryAfter(
  response: Response,
  code: ProblemCode,
  facts: Readonly<Record<string, unknown>>,
): void {
  const seconds = typeof facts.retryAfter === 'number' ? facts.retryAfter : RETRY_AFTER_SECONDS[code];
  if (seconds !== undefined) response.set('Retry-After', String(seconds));
}

function describe(error: unknown): string {
  if (!Error.isError(error)) return String(error);
  const cause = error.cause === undefined ? '' : ` ← ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
