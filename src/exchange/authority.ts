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
import type { Caller } from './caller.ts';
import { issuingAgency } from './drafts.ts';
import { pendingEvent, putOnRecord } from './record.ts';
import { isExpected, isHeldBy, type Signer } from './signer.ts';
import type { Stations } from './stations.ts';

/**
 * Whether this person may sign in this form (NĐ 30/2020 art. 13): by the title that the registry has, or by a delegation.
 * Initials need none, and the agency's own signature has no form.
 * @throws TrucError `signing.capacity-not-allowed`, `signing.delegation-…`
 */
export async function checkAuthority(grant: Grant, signer: Signer, x: Stations): Promise<void> {
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
  signer: Signer,
  rules: SigningRules,
  x: Stations,
): Promise<void> {
  const found = grant.delegationId === null ? null : await x.delegations.get(grant.delegationId);
  if (!found || found.agencyId !== grant.agencyId)
    throw new TrucError<SigningErrorCode>('signing.delegation-missing');
  const { delegationId, validFrom, validTo } = found;
  const theirs = isExpected(found.to, signer.identity) && isHeldBy(found.to, signer.binding);
  if (found.kind !== grant.capacity || !theirs)
    throw new TrucError<SigningErrorCode>('signing.delegation-not-theirs', { delegationId });
  const now = x.clock.now();
  if (Date.parse(validFrom) > now || (validTo !== null && Date.parse(validTo) <= now))
    throw new TrucError<SigningErrorCode>('signing.delegation-not-in-force', {
      delegationId,
      validFrom,
      validTo: validTo ?? '',
    });
  await checkPassedOn(found, rules, x);
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

export type DelegationOrder = Omit<Delegation, 'delegationId' | 'agencyId' | 'clientId' | 'registeredAt'> & {
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
