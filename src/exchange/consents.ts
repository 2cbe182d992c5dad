import type { Agency } from '../agency/index.ts';
import { isCaseNumber, isProcedureCode } from '../document/index.ts';
import { isoTime, newId, randomBytes, TrucError } from '../kernel/index.ts';
import { type Caller, speaksFor } from './caller.ts';
import { type Happening, pendingEvent, putOnRecord, recordPending, type Subject } from './record.ts';
import type { Stations } from './stations.ts';

/**
 * A citizen's consent that one agency takes the results of one case, for one procedure, until a moment. It travels signed, whole,
 * in the hands of whom it was given to; the axis keeps only its entries.
 */
export interface Consent {
  consentId: string;
  /** Who asks: code of the agency and its id. */
  agency: string;
  agencyId: string;
  caseNumber: string;
  /** Procedure in which the result is reused: the one purpose. */
  purpose: string;
  /** System that took the citizen's word and answers for it. */
  givenBy: string;
  /** RFC 3339 UTC. */
  expiresAt: string;
  /** What the ledger calls it, and the key of its commitments: whoever holds the consent can open its entries. */
  ledgerDoc: string;
  ledgerKey: string;
}

export interface ConsentOrder {
  agency: string;
  caseNumber: string;
  purpose: string;
  /** Seconds from now. */
  lifetime: number;
}

/**
 * Puts a consent on record. Whether the case has results is not asked: consents find out nothing.
 * @throws TrucError `agency.unknown`, `exchange.consent-malformed`
 */
export async function giveConsent(order: ConsentOrder, caller: Caller, x: Stations): Promise<Consent> {
  if (!isCaseNumber(order.caseNumber)) throw malformed('caseNumber');
  if (!isProcedureCode(order.purpose)) throw malformed('purpose');
  const now = x.clock.now();
  const agency: Agency | null = await x.agencies.resolve(order.agency, now);
  if (!agency) throw new TrucError('agency.unknown', { code: order.agency });
  const consent: Consent = {
    consentId: newId(),
    agency: agency.code,
    agencyId: agency.id,
    caseNumber: order.caseNumber,
    purpose: order.purpose,
    givenBy: caller.clientId,
    expiresAt: isoTime(now + order.lifetime * 1_000),
    ledgerDoc: newId(),
    ledgerKey: randomBytes(32).toString('base64url'),
  };
  const { purpose, givenBy, expiresAt } = consent;
  await onRecord(
    consent,
    { type: 'consent.given', facts: { agency: agency.code, purpose, givenBy, expiresAt }, distinct: '' },
    x,
  );
  return consent;
}

/** Ends a consent at once. Safe to repeat. @throws TrucError `exchange.consent-not-yours` for another system's */
export async function revokeConsent(consent: Consent, caller: Caller, x: Stations): Promise<void> {
  if (caller.clientId !== consent.givenBy) throw new TrucError('exchange.consent-not-yours');
  await onRecord(consent, { type: 'consent.revoked', facts: { by: caller.clientId }, distinct: '' }, x);
}

export interface ConsentUse {
  caseNumber: string;
  purpose: string;
}

/**
 * Whether a consent lets the caller do this now.
 * @throws TrucError `exchange.consent-not-yours` for another agency, `exchange.consent-other-use` for another case or procedure,
 * `exchange.consent-expired`, `exchange.consent-revoked`
 */
export async function demandConsent(
  consent: Consent,
  { caseNumber, purpose }: ConsentUse,
  caller: Caller,
  x: Stations,
): Promise<void> {
  if (!speaksFor(caller, consent.agencyId)) throw new TrucError('exchange.consent-not-yours');
  if (consent.caseNumber !== caseNumber || consent.purpose !== purpose)
    throw new TrucError('exchange.consent-other-use');
  if (Date.parse(consent.expiresAt) <= x.clock.now())
    throw new TrucError('exchange.consent-expired', { expiresAt: consent.expiresAt });
  const events = await x.events.of(consent.consentId);
  if (events.some((event) => event.type === 'consent.revoked'))
    throw new TrucError('exchange.consent-revoked');
}

/** The use of a consent for a document, once for each, before anything is handed out. */
export async function recordUse(consent: Consent, documentId: string, x: Stations): Promise<void> {
  const facts = { agency: consent.agency, documentId };
  await onRecord(consent, { type: 'consent.used', facts, distinct: documentId }, x);
}

async function onRecord(
  { consentId, ledgerDoc, ledgerKey, agencyId }: Consent,
  happening: Pick<Happening, 'type' | 'facts' | 'distinct'>,
  x: Stations,
): Promise<void> {
  const subject: Subject = { id: consentId, ledgerDoc, ledgerKey };
  const event = pendingEvent(subject, { ...happening, actorId: agencyId, recipientId: null }, x.clock.now());
  const known = (await x.events.of(consentId)).find((one) => one.eventId === event.eventId);
  if (known) return recordPending(consentId, x);
  await x.events.append([event]);
  await putOnRecord([event], x);
}

function malformed(field: string): TrucError {
  return new TrucError('exchange.consent-malformed', { field });
}
