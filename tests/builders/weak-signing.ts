import {
  type CeremonyRecord,
  type CeremonyStore,
  type Delegation,
  type DelegationBook,
  type Draft,
  type DraftStore,
  numberKeyOf,
  type PreparedRecord,
  type TicketRecord,
} from '../../src/signing/index.ts';
import { byText, slowPort } from './weak-port.ts';
import { type Shelf, shelve } from './weak-shelf.ts';

export function weakDrafts(shelf: Shelf): DraftStore {
  const rows: Draft[] = [];
  return slowPort<DraftStore>({
    add: (draft, event) => {
      const known = rows.find((one) => one.agencyId === draft.agencyId && one.reference === draft.reference);
      if (known) return { draft: known, added: false };
      rows.push(draft);
      shelve(shelf, [event]);
      return { draft, added: true };
    },
    get: (documentId) => rows.find((one) => one.documentId === documentId) ?? null,
    list: ({ after, limit }) =>
      rows
        .filter((one) => one.documentId > after)
        .sort(byText((one) => one.documentId))
        .slice(0, limit),
    extend: (documentId, version, event) => {
      const at = rows.findIndex((one) => one.documentId === documentId);
      const draft = rows[at];
      if (draft?.versions.length !== version.version - 1) return 'behind';
      const longer = { ...draft, versions: [...draft.versions, version] };
      const key = numberKeyOf(longer);
      if (rows.some((one, i) => i !== at && key !== null && numberKeyOf(one) === key)) return 'number-taken';
      rows[at] = longer;
      shelve(shelf, [event]);
      return 'extended';
    },
  });
}

export function weakDelegations(shelf: Shelf): DelegationBook {
  const rows = new Map<string, Delegation>();
  return slowPort<DelegationBook>({
    add: (delegation, event) => {
      rows.set(delegation.delegationId, delegation);
      shelve(shelf, [event]);
    },
    withdraw: (delegationId, withdrawnAt, event) => {
      const known = rows.get(delegationId);
      if (!known) return null;
      if (known.withdrawnAt !== undefined) return { delegation: known, withdrawn: false };
      const delegation = { ...known, withdrawnAt };
      rows.set(delegationId, delegation);
      shelve(shelf, [event]);
      return { delegation, withdrawn: true };
    },
    get: (delegationId) => rows.get(delegationId) ?? null,
    of: (agencyId, limit) =>
      [...rows.values()]
        .filter((one) => one.agencyId === agencyId)
        .sort((a, b) => (a.delegationId < b.delegationId ? 1 : -1))
        .slice(0, limit),
  });
}

export function weakCeremonies(): CeremonyStore {
  const tickets = new Map<string, TicketRecord>();
  const used = new Set<string>();
  const sessions = new Map<string, CeremonyRecord>();
  const prepared = new Map<string, PreparedRecord>();
  return slowPort<CeremonyStore>({
    addTicket: (ticket) => void tickets.set(ticket.ticketSha256, ticket),
    takeTicket: (ticketSha256) => {
      const ticket = tickets.get(ticketSha256);
      if (!ticket) return null;
      const first = !used.has(ticketSha256);
      used.add(ticketSha256);
      return { ticket, first };
    },
    addCeremony: (ceremony) => void sessions.set(ceremony.sessionId, ceremony),
    ceremony: (id) => sessions.get(id) ?? null,
    addPrepared: (one) => void prepared.set(one.prepareId, one),
    prepared: (prepareId) => prepared.get(prepareId) ?? null,
    removeExpired: (before) => {
      let removed = 0;
      for (const map of [tickets, sessions, prepared] as Map<string, { expiresAt: string }>[])
        for (const [key, { expiresAt }] of map) if (expiresAt < before && map.delete(key)) removed++;
      return removed;
    },
  });
}
