import { sign } from 'node:crypto';
import type { z } from 'zod';
import type {
  DraftSchema,
  FinalizeAnswerSchema,
  OpenedSessionSchema,
  PrepareAnswerSchema,
  TicketSchema,
} from '../src/api/signing-schemas.ts';
import {
  type ComposedLetter,
  composeLetter,
  letterOf,
  letterOrder,
  officialName,
  sealName,
} from '../src/lab/index.ts';
import type { World } from './world.ts';

/** The page of an agency's document system, as registered in the demo. */
export const PAGE = 'http://127.0.0.1:5173';

export type Draft = z.output<typeof DraftSchema>;
export type Ticket = z.output<typeof TicketSchema>;
export type Session = z.output<typeof OpenedSessionSchema>;
export type PreparedList = z.output<typeof PrepareAnswerSchema>['documents'];
export type Prepared = Extract<PreparedList[number], { status: 'prepared' }>;
export type FinalizedList = z.output<typeof FinalizeAnswerSchema>['documents'];

/** What a ticket says beside the usual, and where the signature is wanted. */
export interface Signing {
  ticket?: object;
  place?: { page: number; rectangle: readonly number[] };
}

/** What stands between an agency's system, an official's browser with a key, and the axis: over real HTTP. */
export interface SigningDesk {
  /** A letter of the agency, not signed yet, with the places that its form has for signature, seal, number and date. */
  letter(code: string): Promise<ComposedLetter>;
  upload(code: string, bytes: Buffer, reference?: string): Promise<Draft>;
  draft(code: string, documentId: string): Promise<Draft>;
  content(code: string, documentId: string, version: number): Promise<Buffer>;
  /** Number and date at the letter's places, on the newest version. */
  number(code: string, documentId: string, letter: ComposedLetter, number: number): Promise<Response>;
  ticket(code: string, order: object): Promise<Response>;
  /** A ticket for one act on the newest version, by the agency's official or seal. */
  ticketFor(code: string, documentIds: string[], action: string, more?: object): Promise<Ticket>;
  /** A call of the widget: from the signing origin itself. */
  widget(
    path: string,
    init?: { token?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Response>;
  open(ticket: Ticket): Promise<Session>;
  /** Prepares for an entity of the demo PKI. */
  prepare(session: Session, entity: string, more?: object): Promise<Response>;
  signature(prepared: Prepared, entity: string): string;
  finalize(session: Session, signatures: object[]): Promise<Response>;
  /** The whole way: ticket, session, prepare, sign, finalize. */
  sign(code: string, documentId: string, action: string, more?: Signing): Promise<FinalizedList[number]>;
}

export function signingDesk(axis: World): SigningDesk {
  const origin = () => axis.demo.signingUrl;
  const post = (body: unknown) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const self: SigningDesk = {
    letter: async (code) => {
      const order = letterOrder(
        { from: code, to: ['G09'], number: 1, subject: 'V/v thử nghiệm ký số', priority: 0 },
        Date.parse('2026-03-16T02:00:00Z'),
      );
      return composeLetter(letterOf(order));
    },
    upload: async (code, bytes, reference) => {
      const query = new URLSearchParams({
        title: 'V/v thử nghiệm ký số',
        ...(reference ? { reference } : {}),
      });
      const answer = await axis.fetch(code, `/v1/sign/documents?${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/pdf' },
        body: new Uint8Array(bytes),
      });
      return (await answer.json()) as Draft;
    },
    draft: async (code, documentId) =>
      (await (await axis.fetch(code, `/v1/sign/documents/${documentId}`)).json()) as Draft,
    content: async (code, documentId, version) => {
      const answer = await axis.fetch(code, `/v1/sign/documents/${documentId}/versions/${version}`);
      return Buffer.from(await answer.arrayBuffer());
    },
    number: async (code, documentId, letter, number) => {
      const { sha256 } = await self.draft(code, documentId);
      const places = { number: letter.number, date: letter.date };
      return axis.fetch(
        code,
        `/v1/sign/documents/${documentId}/number`,
        post({ sha256, number, date: '2026-02-05', series: documentId, places }),
      );
    },
    ticket: (code, order) => axis.fetch(code, '/v1/sign/tickets', post(order)),
    ticketFor: async (code, documentIds, action, more = {}) => {
      const documents = await Promise.all(
        documentIds.map(async (documentId) => {
          const { sha256 } = await self.draft(code, documentId);
          return { documentId, sha256 };
        }),
      );
      const person = action === 'approve' || action === 'initial';
      const signer = person
        ? { serialNumber: String(axis.demo.pki.entity(officialName(code)).declaration.subject.serialNumber) }
        : {};
      const answer = await self.ticket(code, {
        documents,
        action,
        signer,
        user: 'nguoi-dung-1',
        returnOrigins: [PAGE],
        ...more,
      });
      return (await answer.json()) as Ticket;
    },
    widget: (path, { token, body, headers = {} } = {}) =>
      fetch(`${origin()}${path}`, {
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        headers: {
          origin: origin(),
          'sec-fetch-site': 'same-origin',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...headers,
        },
      }),
    open: async ({ ticket }) =>
      (await (
        await self.widget('/v1/sign/sessions', { body: { ticket, parentOrigin: PAGE } })
      ).json()) as Session,
    prepare: (session, entity, more = {}) =>
      self.widget(`/v1/sign/sessions/${session.sessionId}/prepare`, {
        token: session.accessToken,
        body: {
          certificate: axis.demo.pki.entity(entity).certificate.toString('base64'),
          keyProtection: 'software',
          ...more,
        },
      }),
    signature: ({ toBeSigned }, entity) =>
      sign('sha256', Buffer.from(toBeSigned, 'base64'), axis.demo.pki.entity(entity).key).toString('base64'),
    finalize: (session, signatures) =>
      self.widget(`/v1/sign/sessions/${session.sessionId}/finalize`, {
        token: session.accessToken,
        body: { signatures },
      }),
    sign: async (code, documentId, action, { ticket = {}, place } = {}) => {
      const entity = action === 'approve' || action === 'initial' ? officialName(code) : sealName(code);
      const session = await self.open(await self.ticketFor(code, [documentId], action, ticket));
      const answer = (await (
        await self.prepare(session, entity, place ? { documents: [{ documentId, place }] } : {})
      ).json()) as { documents: PreparedList };
      const [prepared] = answer.documents;
      if (prepared?.status !== 'prepared') return prepared as FinalizedList[number];
      const signatures = [{ prepareId: prepared.prepareId, signature: self.signature(prepared, entity) }];
      const done = (await (await self.finalize(session, signatures)).json()) as { documents: FinalizedList };
      return done.documents[0] as FinalizedList[number];
    },
  };
  return self;
}
