import {
  type AgencyDraft,
  type CertificateBinding,
  type ClientSystem,
  officialPseudonym,
} from '../agency/index.ts';
import type { EventType, RecordedEvent } from '../document/index.ts';
import { canonicalJson, isoTime, type JsonValue, newId, sha256Hex, TrucError } from '../kernel/index.ts';
import { pendingEvent, publicSubject, recordPending } from './record.ts';
import type { Stations } from './stations.ts';

/**
 * What acts on the registry need. Without a ledger, as on the command line, the entry waits among the pending events, and the
 * axis puts it on record when it starts, or within a minute where nodes run.
 */
export type RegistryDesk = Pick<Stations, 'agencies' | 'bindings' | 'clients' | 'events' | 'clock'> &
  Partial<Pick<Stations, 'ledger'>>;

/** Who acts: `command-line`, a system (`system:<clientId>`), or what the ledger calls a person (`ledgerDoc`). */
export type RegistryActor = string;

/** The registry is public, so are the acts on it: anybody finds the chain and opens its commitments. */
const REGISTRY = publicSubject('registry-acts', 'registry-acts');
/** Codes named in an entry; the digest stands for all. */
const CODES_NAMED = 20;

export type RegistryAct = 'import' | 'lock' | 'unlock' | 'settings';

/**
 * Writes agencies and puts the change on record, with the digest of what was written (canonical JSON of the drafts).
 * @returns the registry's new revision
 * @throws TrucError `agency.code-taken` and what the directory throws
 */
export async function changeRegistry(
  drafts: AgencyDraft[],
  act: RegistryAct,
  by: RegistryActor,
  x: RegistryDesk,
): Promise<number> {
  const revision = await x.agencies.put(drafts, x.clock.now());
  const codes = drafts.slice(0, CODES_NAMED).map(({ code }) => code);
  const sha256Of = sha256Hex(canonicalJson(drafts as unknown as JsonValue));
  const facts = { by, act, revision, agencies: drafts.length, codes: codes.join(' '), sha256: sha256Of };
  await note('registry.changed', facts, String(revision), x);
  return revision;
}

/** Locks an agency, so that nothing can be sent to it, or opens it again. @throws TrucError `agency.unknown` */
export async function lockAgency(
  code: string,
  locked: boolean,
  by: RegistryActor,
  x: RegistryDesk,
): Promise<AgencyDraft> {
  const now = x.clock.now();
  const found = await x.agencies.resolve(code, now);
  if (!found) throw new TrucError('agency.unknown', { code });
  const { revision: _, ...agency } = found;
  const next = { ...agency, lockedSince: locked ? isoTime(now) : null };
  await changeRegistry([next], locked ? 'lock' : 'unlock', by, x);
  return next;
}

/**
 * Says whose a certificate is, and puts that on record first: an official by the pseudonym of the year in which the binding
 * begins, a seal by its certificate.
 */
export async function bindCertificate(
  binding: CertificateBinding,
  by: RegistryActor,
  x: RegistryDesk,
): Promise<void> {
  const { certificateSha256, kind, agencyId, title, validFrom, validTo, personId } = binding;
  const holder: Record<string, string> =
    kind === 'agency'
      ? { certificate: certificateSha256 }
      : { official: officialPseudonym(personId ?? certificateSha256, agencyId, validFrom) };
  const agency = (await x.agencies.get(agencyId))?.code ?? '';
  await note('certificate.bound', { by, agency, kind, ...holder, title, validFrom, validTo }, newId(), x);
  await x.bindings.put([binding]);
}

/** Registers a document system, or changes it, and puts its rights on record first; never its secret or what follows from it. */
export async function registerSystem(
  system: ClientSystem,
  by: RegistryActor,
  x: RegistryDesk,
): Promise<void> {
  const { clientId, agencyIds, scopes, disabledAt, signingOrigins = [], keys = [] } = system;
  const codes = await Promise.all(
    agencyIds.slice(0, CODES_NAMED).map(async (id) => (await x.agencies.get(id))?.code ?? ''),
  );
  const facts = {
    ...{ by, system: clientId, agencies: agencyIds.length, codes: codes.join(' ') },
    ...{ scopes: scopes.join(' '), origins: signingOrigins.join(' '), disabledAt },
    keys: keys.map(({ kid }) => String(kid)).join(' '),
  };
  await note('system.registered', facts, newId(), x);
  await x.clients.put(system);
}

/**
 * Puts on record changes of the registry that no entry tells of: a crash came between a change and its entry, or an older program
 * made it. @param graceMs what is younger is left to whoever has it in hand @returns whether there were any
 */
export async function repairRegistry(x: RegistryDesk, graceMs = 0): Promise<boolean> {
  const revision = await x.agencies.revision();
  const told = Math.max(0, ...(await x.events.of(REGISTRY.id)).map(revisionIn));
  if (revision <= told || (await isYoung(told, graceMs, x))) return false;
  const facts = { by: null, act: 'unknown', revision, after: told };
  await note('registry.changed', facts, String(revision), x);
  return true;
}

/** Whether the first change after a revision was made within so many milliseconds. */
async function isYoung(revision: number, graceMs: number, x: RegistryDesk): Promise<boolean> {
  if (graceMs === 0) return false;
  const [first] = (await x.agencies.list({ since: revision, limit: 1 })).agencies;
  const at = first && (await x.agencies.history(first.id)).at(-1)?.recordedAt;
  return at !== undefined && Date.parse(at) > x.clock.now() - graceMs;
}

function revisionIn({ type, facts }: RecordedEvent): number {
  return type === 'registry.changed' ? Number(facts.revision) : 0;
}

async function note(
  type: EventType,
  facts: Readonly<Record<string, JsonValue>>,
  distinct: string,
  x: RegistryDesk,
): Promise<void> {
  const happening = { type, actorId: null, recipientId: null, facts, distinct };
  const event = pendingEvent(REGISTRY, happening, x.clock.now());
  await x.events.append([event]);
  // Another node may have told of the same change in other words: what lies there now is what is told.
  if (x.ledger) await recordPending(REGISTRY.id, { ledger: x.ledger, events: x.events });
}
