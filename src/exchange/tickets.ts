import { equalBytes, isoTime, newId, newSecret, sha256Hex, TrucError } from '../kernel/index.ts';
import type { CeremonyRecord, Grant, SigningErrorCode } from '../signing/index.ts';
import { latestOf, purposeOf } from '../signing/index.ts';
import type { Caller } from './caller.ts';
import { draftFor } from './drafts.ts';
import { isAllowedOrigin } from './origins.ts';
import type { Stations } from './stations.ts';

const TICKET_MS = 10 * 60_000;
const SESSION_MS = 10 * 60_000;

export type TicketOrder = Omit<Grant, 'clientId' | 'agencyId' | 'userSha256'> & {
  /** The agency's own name for the user at its page; kept only as a digest. */
  user: string;
};

/**
 * Lets one user's browser have documents signed, once: 256 random bits, for ten minutes.
 * @throws TrucError `signing.document-unknown`, `signing.version-differs` when a document's newest version is another one,
 * `signing.origin-not-registered`, `signing.signer-missing`
 */
export async function issueTicket(
  order: TicketOrder,
  caller: Caller,
  x: Stations,
): Promise<{ ticket: string; expiresAt: string }> {
  const { user, ...wanted } = order;
  const agencyIds = new Set<string>();
  for (const { documentId, sha256 } of order.documents) {
    const draft = await draftFor(documentId, caller, x);
    const latest = latestOf(draft);
    if (latest.sha256 !== sha256) throw versionDiffers(documentId, latest.sha256);
    agencyIds.add(draft.agencyId);
  }
  const [agencyId, ...others] = agencyIds;
  // One signature of one agency's signer: documents of several agencies never go into one ticket.
  if (agencyId === undefined || others.length > 0)
    throw new TrucError<SigningErrorCode>('signing.document-unknown', {
      documentId: order.documents.at(-1)?.documentId ?? '',
    });
  await checkOrigins(order.origins, caller, x);
  if (purposeOf(order.action) === 'person' && Object.keys(order.signer).length === 0)
    throw new TrucError<SigningErrorCode>('signing.signer-missing');
  const grant: Grant = { ...wanted, clientId: caller.clientId, agencyId, userSha256: sha256Hex(user) };
  const ticket = newSecret();
  const expiresAt = isoTime(x.clock.now() + TICKET_MS);
  await x.ceremonies.addTicket({ ticketSha256: sha256Hex(ticket), grant, expiresAt });
  return { ticket, expiresAt };
}

async function checkOrigins(origins: readonly string[], caller: Caller, x: Stations): Promise<void> {
  const registered = (await x.clients.find(caller.clientId))?.signingOrigins ?? [];
  const stranger = origins.find((origin) => !isAllowedOrigin(origin, registered));
  if (stranger !== undefined)
    throw new TrucError<SigningErrorCode>('signing.origin-not-registered', { origin: stranger });
}

export function versionDiffers(documentId: string, sha256: string): TrucError {
  return new TrucError<SigningErrorCode>('signing.version-differs', { documentId, sha256 });
}

export interface Opening {
  ticket: string;
  /** Origin of the page around the widget, as the browser told the widget. */
  parentOrigin: string;
  /** Who is logged in at that page, where it says so. */
  user: string | null;
}

/**
 * Turns a ticket into a session. A ticket that comes from a page that it is not for, or for another user, is used up too:
 * it has been in wrong hands.
 * @throws TrucError `signing.ticket-unknown`, `-used`, `-expired`, `-other-user`, `signing.origin-not-allowed`
 */
export async function openSession(
  opening: Opening,
  x: Stations,
): Promise<{ session: CeremonyRecord; accessToken: string }> {
  const taken = await x.ceremonies.takeTicket(sha256Hex(opening.ticket));
  if (!taken || taken.ticket.pass) throw new TrucError<SigningErrorCode>('signing.ticket-unknown');
  if (!taken.first) throw new TrucError<SigningErrorCode>('signing.ticket-used');
  const { grant, expiresAt } = taken.ticket;
  const now = x.clock.now();
  if (Date.parse(expiresAt) <= now)
    throw new TrucError<SigningErrorCode>('signing.ticket-expired', { expiresAt });
  if (!isAllowedOrigin(opening.parentOrigin, grant.origins))
    throw new TrucError<SigningErrorCode>('signing.origin-not-allowed', { origin: opening.parentOrigin });
  if (opening.user !== null && sha256Hex(opening.user) !== grant.userSha256)
    throw new TrucError<SigningErrorCode>('signing.ticket-other-user');
  const accessToken = newSecret();
  const session: CeremonyRecord = {
    sessionId: newId(),
    tokenSha256: sha256Hex(accessToken),
    grant,
    parentOrigin: opening.parentOrigin,
    expiresAt: isoTime(now + SESSION_MS),
  };
  await x.ceremonies.addCeremony(session);
  return { session, accessToken };
}

/**
 * The session that a bearer token opens.
 * @throws TrucError `signing.session-unknown` whether there is none or the token is another's, `signing.session-expired`
 */
export async function sessionOf(sessionId: string, token: string, x: Stations): Promise<CeremonyRecord> {
  const session = await x.ceremonies.ceremony(sessionId);
  const right = equalBytes(
    Buffer.from(sha256Hex(token)),
    Buffer.from(session?.tokenSha256 ?? sha256Hex(newId())),
  );
  if (!session || !right) throw new TrucError<SigningErrorCode>('signing.session-unknown');
  if (Date.parse(session.expiresAt) <= x.clock.now())
    throw new TrucError<SigningErrorCode>('signing.session-expired', { expiresAt: session.expiresAt });
  return session;
}

/** How long what expired is kept, so that who comes late hears why. */
const LATE_MS = 60 * 60_000;

/** Removes tickets, sessions and prepared signatures whose time is over. @returns how many records went */
export function forgetCeremonies(x: Stations): Promise<number> {
  return x.ceremonies.removeExpired(isoTime(x.clock.now() - LATE_MS));
}
