import { z } from 'zod';
import { isOriginPattern } from '../exchange/index.ts';
import { isoTime } from '../kernel/index.ts';
import {
  CAPACITIES,
  DELEGATION_KINDS,
  KEY_PROTECTIONS,
  PROVIDER_IDS,
  SIGN_ACTIONS,
} from '../signing/index.ts';
import { ProblemSchema, ReceiptSchema } from './schemas.ts';
import { writtenText } from './validate.ts';

/** The wire contract of signing: docs/spec/signing.md says what each side must check. */
const time = z.iso.datetime().meta({ description: 'RFC 3339 UTC, milliseconds' });
/** Any offset is taken; what is kept is UTC. */
const instant = z.iso.datetime({ offset: true }).transform((text) => isoTime(Date.parse(text)));
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Standard base64 with padding; the longest first, since a pattern looks at every character. */
const base64 = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
const point = z.number().min(-20_000).max(20_000);

/** Most documents of one ticket. */
const MOST_DOCUMENTS = 100;

const Place = z.object({
  page: z.int().min(1).max(20_000),
  /** Lower left and upper right corner in points, origin at the page's lower left. */
  rectangle: z.tuple([point, point, point, point]),
});

export const DraftUploadQuery = z.object({
  title: writtenText(500).min(1),
  agency: z.string().max(35).optional(),
  reference: writtenText(200).min(1).optional(),
});

export const DraftRevisionQuery = z.object({
  before: sha256.meta({ description: 'SHA-256 of the version that it replaces' }),
});

const DraftVersionSchema = z.object({
  version: z.int(),
  sha256,
  size: z.int(),
  at: time,
  step: z.object({ kind: z.enum(['uploaded', 'revised', 'numbered', 'signed']) }).loose(),
});

export const DraftSchema = z
  .object({
    documentId: z.uuid(),
    agency: z.string(),
    reference: z.string(),
    title: z.string(),
    format: z.enum(['pdf', 'xml', 'data']),
    version: z.int(),
    sha256,
    versions: z.array(DraftVersionSchema),
  })
  .meta({ id: 'SigningDocument' });

export const ExpectedSignerSchema = z
  .object({ certificateSha256: sha256, serialNumber: z.string().max(64), uid: z.string().max(128) })
  .partial();

export const NumberOrderSchema = z
  .object({
    sha256: sha256.meta({ description: 'of the version that gets the number' }),
    number: z.int().min(1).max(9_999_999),
    date: z.iso.date().meta({ description: 'date of issue' }),
    series: writtenText(50).default('').meta({
      description: "which of the agency's sequences of numbers; a number is given once in a year and series",
    }),
    places: z
      .object({ number: z.object({ x: point, y: point }), date: z.object({ x: point, y: point }) })
      .meta({ description: 'left ends of the base lines on the first page, in points' }),
  })
  .meta({ id: 'SigningNumberOrder' });

export const DelegationOrderSchema = z
  .object({
    agency: z.string().max(35).nullable().default(null),
    kind: z.enum(DELEGATION_KINDS),
    fromTitle: writtenText(200).min(1),
    to: ExpectedSignerSchema.refine((to) => Object.keys(to).length > 0, 'who may sign'),
    scope: writtenText(1_000).min(1),
    legalBasis: writtenText(500).min(1),
    validFrom: instant,
    validTo: instant.nullable().default(null),
    passesOn: z.uuid().nullable().default(null),
  })
  .meta({ id: 'DelegationOrder' });

export const DelegationSchema = z
  .object({
    delegationId: z.uuid(),
    kind: z.enum(DELEGATION_KINDS),
    fromTitle: z.string(),
    to: ExpectedSignerSchema,
    scope: z.string(),
    legalBasis: z.string(),
    validFrom: time,
    validTo: time.nullable(),
    passesOn: z.uuid().nullable(),
    registeredAt: time,
    withdrawnAt: time.optional(),
  })
  .meta({ id: 'Delegation' });

export const WithdrawalOrderSchema = z
  .object({ reason: z.string().trim().min(1).max(1_000) })
  .meta({ id: 'WithdrawalOrder' });

export const TicketOrderSchema = z
  .object({
    documents: z
      .array(z.object({ documentId: z.uuid(), sha256 }))
      .min(1)
      .max(MOST_DOCUMENTS)
      .refine(
        (list) => new Set(list.map((one) => one.documentId)).size === list.length,
        'each document once',
      ),
    action: z.enum(SIGN_ACTIONS),
    signer: ExpectedSignerSchema.default({}),
    capacity: z.enum(CAPACITIES).default('direct'),
    delegationId: z.uuid().nullable().default(null),
    label: writtenText(100).min(1).nullable().default(null),
    user: writtenText(200)
      .min(1)
      .meta({ description: "the agency's own name for the user; kept as a digest" }),
    providers: z
      .array(z.enum(PROVIDER_IDS))
      .min(1)
      .refine((list) => new Set(list).size === list.length, 'each once')
      .optional()
      .meta({
        description: "ways of signing, in the agency's order; all that the axis has where none is named",
      }),
    returnOrigins: z
      .array(z.string().max(255).refine(isOriginPattern, 'an origin such as https://qlvb.example.vn'))
      .min(1)
      .max(10),
  })
  .meta({ id: 'SigningTicketOrder' });

export const TicketSchema = z
  .object({
    ticket: z.string(),
    expiresAt: time,
    signingUrl: z.url().meta({ description: 'the signing origin' }),
    widgetUrl: z
      .url()
      .meta({ description: 'what the element frames; frame-ancestors are the returnOrigins registered' }),
  })
  .meta({ id: 'SigningTicket' });

export const SessionRequestSchema = z
  .object({
    ticket: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    parentOrigin: z.string().max(255),
    user: writtenText(200).min(1).nullable().default(null),
  })
  .meta({ id: 'SigningSessionRequest' });

const SessionDocument = z.object({
  documentId: z.uuid(),
  title: z.string(),
  format: z.enum(['pdf', 'xml', 'data']),
  version: z.int(),
  sha256,
  size: z.int(),
  ledgerIndex: z.int().meta({ description: 'entry that recorded this version' }),
});

export const SessionSchema = z
  .object({
    sessionId: z.uuid(),
    expiresAt: time,
    action: z.enum(SIGN_ACTIONS),
    purpose: z.enum(['person', 'agency']),
    capacity: z.enum(CAPACITIES),
    delegationId: z.uuid().nullable(),
    label: z.string().nullable(),
    agency: z.object({ code: z.string(), name: z.string() }),
    signer: ExpectedSignerSchema,
    keyProtection: z.array(z.enum(KEY_PROTECTIONS)).meta({ description: 'kinds of key that may sign' }),
    providers: z.array(z.object({ id: z.enum(PROVIDER_IDS), url: z.url().optional() })).meta({
      description: "ways of signing, in order; agents with their address on the official's machine",
    }),
    documents: z.array(SessionDocument),
  })
  .meta({ id: 'SigningSession' });

export const OpenedSessionSchema = SessionSchema.extend({
  accessToken: z.string().meta({ description: 'bearer token of the other calls; keep it in memory only' }),
}).meta({ id: 'OpenedSigningSession' });

export const PrepareRequestSchema = z
  .object({
    certificate: base64(90_000).min(4).meta({ description: 'DER, base64' }),
    chain: z.array(base64(90_000)).max(8).default([]),
    keyProtection: z.enum(KEY_PROTECTIONS),
    documents: z
      .array(z.object({ documentId: z.uuid(), place: Place.nullable().default(null) }))
      .max(MOST_DOCUMENTS)
      .default([])
      .meta({ description: 'where signatures are shown; all documents of the session are prepared' }),
  })
  .meta({ id: 'SigningPrepareRequest' });

const Prepared = z.object({
  status: z.literal('prepared'),
  documentId: z.uuid(),
  prepareId: z.uuid(),
  version: z.int(),
  sha256: sha256.meta({ description: 'of the version that is signed: the first `size` bytes' }),
  size: z.int(),
  tail: z.string().meta({ description: 'base64: the increment (PDF); empty for data' }),
  byteRange: z.tuple([z.int(), z.int(), z.int(), z.int()]).nullable(),
  place: Place.nullable(),
  toBeSigned: z
    .string()
    .meta({ description: 'base64: DER SET of the signed attributes; sign SHA-256 of it' }),
  hash: z.literal('SHA-256'),
  algorithm: z.enum(['rsa-sha256', 'ecdsa-sha256']),
  certificateSha256: sha256,
  code: z
    .string()
    .regex(/^\d{6}$/)
    .meta({ description: 'to be compared by the person; each side computes it' }),
  preparedUrl: z
    .url()
    .optional()
    .meta({ description: 'PDF: where an agent gets the prepared bytes itself, until expiresAt' }),
  expiresAt: time,
});

const Failed = z.object({
  status: z.literal('failed'),
  documentId: z.uuid(),
  prepareId: z.uuid().optional(),
  problem: ProblemSchema,
});

export const PrepareAnswerSchema = z
  .object({ documents: z.array(z.discriminatedUnion('status', [Prepared, Failed])) })
  .meta({ id: 'SigningPrepareAnswer' });

/** 256 bits or more (RFC 7636 §4.1). */
const base64url = z.string().regex(/^[A-Za-z0-9_-]{43,128}$/);

/** What a remote key is to sign: what was prepared in this session. */
export const RemoteSigningSchema = z.object({
  credentialId: z.string().min(1).max(200),
  prepareIds: z.array(z.uuid()).min(1).max(50),
});

export const RemoteVisitSchema = z
  .object({ state: base64url, codeChallenge: base64url })
  .extend(RemoteSigningSchema.partial().shape)
  .meta({ id: 'RemoteVisit' });

export const RemoteGrantSchema = z.object({ code: z.string().min(1).max(2_000), codeVerifier: base64url });

export const FileOrderSchema = z.object({ documentId: z.uuid() }).meta({ id: 'SigningFileOrder' });

export const FilePassesSchema = z
  .object({ uploadId: z.uuid(), downloadUrl: z.url(), uploadUrl: z.url(), expiresAt: time })
  .meta({ id: 'SigningFileAddresses' });

export const FinalizeRequestSchema = z
  .object({
    signatures: z
      .array(
        z.object({
          prepareId: z.uuid(),
          signature: base64(2_000).min(4),
          encoding: z
            .enum(['der', 'ieee-p1363'])
            .default('der')
            .meta({ description: 'of ECDSA values; RSA values are the PKCS #1 v1.5 octets' }),
        }),
      )
      .min(1)
      .max(MOST_DOCUMENTS),
  })
  .meta({ id: 'SigningFinalizeRequest' });

const Signed = z.object({
  status: z.literal('signed'),
  documentId: z.uuid(),
  prepareId: z.uuid(),
  version: z.int(),
  sha256,
  size: z.int(),
  level: z.enum(['B-B', 'B-T']),
  signedAt: time,
  ledgerIndex: z.int(),
  receipt: ReceiptSchema,
});

export const FileOutcomeSchema = z
  .discriminatedUnion('status', [
    z.object({ status: z.literal('waiting') }),
    Signed.omit({ prepareId: true }),
  ])
  .meta({ id: 'SigningFileOutcome' });

export const FinalizeAnswerSchema = z
  .object({ documents: z.array(z.discriminatedUnion('status', [Signed, Failed])) })
  .meta({ id: 'SigningFinalizeAnswer' });
