import { isoTime, newId, randomBytes, TrucError, vietnamDate } from '../kernel/index.ts';
import {
  type Delegation,
  type ExpectedSigner,
  type Grant,
  rulesOn,
  type SigningErrorCode,
  type SigningRules,
  titleAllows,
} from '../signing/index.ts';
import { type Caller, speaksFor } from './caller.ts';
import { issuingAgency } from './drafts.ts';
import { pendingEvent, putOnRecord, recordPending } from './record.ts';
import { isExpected, isHeldBy, type Signer } from './signer.ts';
import type { Stations } from './stations.ts';

/**
 * Whether this person may sign in this form (NĐ 30/2020 art. 13): by the title that the registry has, or by a delegation.
 * Initials need none, and the agency's own signature has no form.
 * @throws TrucError `signing.capacity-not-allowed`, `signing.delegation-…`
 */
export async function checkAuthority(
  grant: Grant,
  signer: Pick<Signer, 'identity' | 'binding'>,
  x: Stations,
): Promise<void> {
  if (grant.action !== 'approve') return;
  const rules = rulesNow(x);
  const { capacity } = grant;
  if (rules.delegatedCapacities.value.includes(capacity)) return checkDelegation(grant, signer, rules, x);
  const { title } = signer.binding;
  if (!titleAllows(rules, capacity, title))
    throw new TrucError<SigningErrorCode>('signing.capacity-not-allowed', { capacity, title: title ?? '' });
}

async function checkDelegation(
  grant: Grant,
  signer: Pick<Signer, 'identity' | 'binding'>,
  rules: SigningRules,
  x: Stations,
): Promise<void> {
  const found = grant.delegationId === null ? null : await x.delegations.get(grant.delegationId);
  if (!found || found.agencyId !== grant.agencyId)
    throw new TrucError<SigningErrorCode>('signing.delegation-missing');
  const { delegationId } = found;
  const theirs = isExpected(found.to, signer.identity) && isHeldBy(found.to, signer.binding);
  if (found.kind !== grant.capacity || !theirs)
    throw new TrucError<SigningErrorCode>('signing.delegation-not-theirs', { delegationId });
  await checkUnbroken(found, x);
  await checkPassedOn(found, rules, x);
}

/**
 * Whether a delegation that a signature rests on is still in force when the signature comes: it may have been withdrawn, or have
 * ended, since the document was prepared.
 * @throws TrucError `signing.delegation-withdrawn`, `signing.delegation-not-in-force`
 */
export async function checkStillDelegated(
  { action, capacity, delegationId }: Grant,
  x: Stations,
): Promise<void> {
  if (action !== 'approve' || delegationId === null) return;
  if (!rulesNow(x).delegatedCapacities.value.includes(capacity)) return;
  const found = await x.delegations.get(delegationId);
  if (found) await checkUnbroken(found, x);
}

/** Longer than any row of persons who pass an order on. */
const MOST_PASSED_ON = 10;

/** In force, and so is everything that it passes on: what rests on a delegation falls with it. */
async function checkUnbroken(delegation: Delegation, x: Stations): Promise<void> {
  let found: Delegation | null = delegation;
  for (let n = 0; found !== null && n < MOST_PASSED_ON; n++) {
    checkInForce(found, x.clock.now());
    found = found.passesOn === null ? null : await x.delegations.get(found.passesOn);
  }
}

function checkInForce({ delegationId, validFrom, validTo, withdrawnAt }: Delegation, now: number): void {
  if (withdrawnAt !== undefined)
    throw new TrucError<SigningErrorCode>('signing.delegation-withdrawn', { delegationId, withdrawnAt });
  if (Date.parse(validFrom) > now || (validTo !== null && Date.parse(validTo) <= now))
    throw new TrucError<SigningErrorCode>('signing.delegation-not-in-force', {
      delegationId,
      validFrom,
      validTo: validTo ?? '',
    });
}

/** Neither an authorisation that passes on another, nor anything that passes on an authorisation. */
async function checkPassedOn(
  delegation: Pick<Delegation, 'kind' | 'passesOn'>,
  rules: SigningRules,
  x: Stations,
): Promise<void> {
  if (delegation.passesOn === null) return;
  const before = await x.delegations.get(delegation.passesOn);
  const never = rules.notPassedOn.value;
  if (!before || never.includes(delegation.kind) || never.includes(before.kind))
    throw new TrucError<SigningErrorCode>('signing.delegation-passed-on', {
      delegationId: delegation.passesOn,
    });
}

function rulesNow(x: Stations): SigningRules {
  return rulesOn(vietnamDate(x.clock.now()).replaceAll('/', '-'));
}

/**
 * Takes a delegation back; committed to the ledger on return. From then on no signature is made by it, also none that was
 * prepared before, nor by one that passes it on. Withdrawing it again gives it as it is.
 * @param by what the ledger calls the person who does it; null where a system speaks for the agency
 * @throws TrucError `signing.delegation-missing`, also for those of other agencies
 */
export async function withdrawDelegation(
  { delegationId, reason, by }: { delegationId: string; reason: string; by: string | null },
  caller: Caller,
  x: Stations,
): Promise<Delegation> {
  const known = await x.delegations.get(delegationId);
  if (!known || !speaksFor(caller, known.agencyId))
    throw new TrucError<SigningErrorCode>('signing.delegation-missing');
  const at = x.clock.now();
  const [registered] = await x.events.of(delegationId);
  const subject = {
    id: delegationId,
    ledgerDoc: registered?.ledgerDoc ?? newId(),
    ledgerKey: randomBytes(32).toString('base64url'),
  };
  const facts = { delegationId, kind: known.kind, withdrawnAt: isoTime(at), reason, by };
  const happening = { actorId: known.agencyId, recipientId: null, facts, distinct: '' };
  const event = pendingEvent(subject, { type: 'delegation.withdrawn', ...happening }, at);
  const outcome = await x.delegations.withdraw(delegationId, isoTime(at), event);
  if (!outcome?.withdrawn) await recordPending(delegationId, x);
  else await putOnRecord([event], x);
  return outcome?.delegation ?? known;
}

export type DelegationOrder = Omit<
  Delegation,
  'delegationId' | 'agencyId' | 'clientId' | 'registeredAt' | 'withdrawnAt'
> & {
  /** As for `registerDraft`. */
  agency: string | null;
};

/**
 * Registers by what right somebody signs by order or by authorisation; committed to the ledger on return. What it says
 * rests on the word of the agency's system, as the paper does.
 * @throws TrucError `agency.unknown`, `signing.delegation-passed-on`, `signing.delegation-not-in-force` for an authorisation
 * without an end, or one that ends before it begins
 */
export async function registerDelegation(
  order: DelegationOrder,
  caller: Caller,
  x: Stations,
): Promise<Delegation> {
  const { agency: code, ...wanted } = order;
  const agency = await issuingAgency(code, caller, x);
  const rules = rulesNow(x);
  const { validFrom, validTo, kind } = wanted;
  const endless = validTo === null && rules.limitedInTime.value.includes(kind);
  if (endless || (validTo !== null && Date.parse(validTo) <= Date.parse(validFrom)))
    throw new TrucError<SigningErrorCode>('signing.delegation-not-in-force', {
      validFrom,
      validTo: validTo ?? '',
    });
  await checkPassedOn(wanted, rules, x);
  const delegation: Delegation = {
    ...wanted,
    delegationId: newId(),
    agencyId: agency.id,
    clientId: caller.clientId,
    registeredAt: isoTime(x.clock.now()),
  };
  const event = delegationEvent(delegation, agency.code, x.clock.now());
  await x.delegations.add(delegation, event);
  await putOnRecord([event], x);
  return delegation;
}

function delegationEvent(delegation: Delegation, agency: string, at: number) {
  const { delegationId, agencyId, kind, fromTitle, to, scope, legalBasis, validFrom, validTo, passesOn } =
    delegation;
  const subject = {
    id: delegationId,
    ledgerDoc: newId(),
    ledgerKey: randomBytes(32).toString('base64url'),
  };
  const facts = {
    delegationId,
    agency,
    kind,
    fromTitle,
    to: { ...to } satisfies ExpectedSigner as Readonly<Record<string, string>>,
    scope,
    legalBasis,
    validFrom,
    validTo,
    passesOn,
  };
  const happening = { actorId: agencyId, recipientId: null, facts, distinct: '' };
  return pendingEvent(subject, { type: 'delegation.registered', ...happening }, at);
}
