import type { CeremonyRecord, PreparedRecord, TicketRecord } from './ceremony-records.ts';

/**
 * Tickets, what they open, and prepared signatures: minutes long, and gone soon after. Durable on return, since another node may
 * get the next request.
 */
export interface CeremonyStore {
  addTicket(ticket: TicketRecord): Promise<void>;
  /** Uses a ticket up; of callers that come at once one is the first. Null where there is none. */
  takeTicket(ticketSha256: string): Promise<{ ticket: TicketRecord; first: boolean } | null>;
  addCeremony(ceremony: CeremonyRecord): Promise<void>;
  ceremony(id: string): Promise<CeremonyRecord | null>;
  addPrepared(prepared: PreparedRecord): Promise<void>;
  prepared(prepareId: string): Promise<PreparedRecord | null>;
  /** Removes what expired before a time (RFC 3339 UTC). @returns how many records went */
  removeExpired(before: string): Promise<number>;
}
