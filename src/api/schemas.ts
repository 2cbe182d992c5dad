import { z } from 'zod';
import { LEVELS } from '../agency/index.ts';

const time = z.iso.datetime().meta({ description: 'RFC 3339 UTC, milliseconds' });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const ReceiptSchema = z
  .looseObject({
    log: z.string().meta({ description: 'C2SP log origin' }),
    index: z.int(),
    entry: z.string().meta({ description: 'exact bytes, base64' }),
    proof: z.string().meta({ description: 'C2SP tlog-proof' }),
    checkpoint: z.string().meta({ description: 'signed note' }),
    commitments: z.array(sha256).meta({ description: 'leaves of the tree under the commit of the entry' }),
    disclosures: z.array(z.object({ name: z.string(), value: z.unknown(), key: z.string() })),
    vkey: z.string().meta({ description: 'public key that the axis states; check it against one you know' }),
  })
  .meta({ id: 'Receipt' });

export const PaperCodeSchema = z
  .object({
    code: z.string().regex(/^[0-9A-HJKMNP-TV-Z-]{13,30}$/),
    url: z.url().meta({ description: 'what the QR code on paper says' }),
  })
  .meta({ id: 'PaperCode' });

export const SubmissionSchema = z
  .object({
    documentId: z.uuid(),
    sha256,
    state: z.enum(['accepted', 'held']),
    legalValue: z.enum(['replaces_paper', 'for_information']),
    verification: z.object({ indication: z.string() }),
    receipt: ReceiptSchema,
  })
  .meta({ id: 'Submission' });

export const ResultTagSchema = z.object({
  procedure: z.string(),
  caseNumber: z.string(),
  holders: z.array(z.string()).meta({ description: 'salted commitments, base64url' }),
});

const Recipient = z.object({
  code: z.string(),
  transport: z.enum(['waiting', 'leased', 'done', 'failed', 'cancelled']),
  business: z.string().nullable(),
  attempts: z.int(),
  updatedAt: time,
});

const documentFields = {
  documentId: z.uuid(),
  edxmlId: z.string(),
  businessType: z.int().min(0).max(3),
  state: z.enum(['accepted', 'held', 'released', 'refused', 'recalled', 'destroyed']),
  from: z.string(),
  subject: z.string(),
  codeNumber: z.string(),
  priority: z.int().min(0).max(4),
  sha256,
  size: z.int(),
  legalValue: z.enum(['replaces_paper', 'for_information']),
  verification: z.object({
    indication: z.string(),
    latest: z
      .object({ indication: z.string(), legalValue: z.enum(['replaces_paper', 'for_information']), at: time })
      .optional()
      .meta({ description: 'a later judgement that came to another verdict' }),
  }),
  receivedAt: time,
  acceptedAt: time.nullable(),
  result: ResultTagSchema.optional(),
  attachments: z.array(
    z.object({
      name: z.string(),
      contentType: z.string(),
      sha256,
      size: z.int(),
      role: z.enum(['main', 'annex']),
    }),
  ),
};

export const DocumentSchema = z
  .object({ ...documentFields, recipients: z.array(Recipient) })
  .meta({ id: 'Document' });
export const DocumentListSchema = z
  .object({ items: z.array(z.object(documentFields)), next: z.uuid().nullable() })
  .meta({ id: 'DocumentList' });

const Event = z.object({
  type: z.string(),
  at: time,
  actor: z.string().nullable(),
  recipient: z.string().optional(),
  log: z.string(),
  index: z.int(),
  detail: z.record(z.string(), z.unknown()).optional(),
});

export const TimelineSchema = z
  .object({ documentId: z.uuid(), events: z.array(Event) })
  .meta({ id: 'Timeline' });
export const EventFeedSchema = z
  .object({ items: z.array(Event.extend({ position: z.int(), documentId: z.uuid() })), next: z.int() })
  .meta({ id: 'EventFeed' });

export const InboxSchema = z
  .object({
    items: z.array(
      z.object({
        deliveryId: z.uuid(),
        documentId: z.uuid(),
        kind: z.enum(['document', 'status', 'notice']),
        from: z.string(),
        to: z.string(),
        priority: z.int(),
        receivedAt: time,
        leaseUntil: time.nullable(),
        sha256,
        size: z.int(),
        attempts: z.int(),
      }),
    ),
    checkpoint: z.string(),
  })
  .meta({ id: 'Inbox' });

export const StatusAnswerSchema = z
  .object({
    statusId: z.uuid(),
    documentId: z.uuid(),
    code: z.string(),
    from: z.string(),
    to: z.string(),
    inOrder: z.boolean(),
    receivedAt: time,
  })
  .meta({ id: 'StatusAnswer' });

export const AgencySchema = z
  .object({
    id: z.uuid(),
    code: z.string(),
    name: z.string(),
    level: z.enum(LEVELS),
    parent: z.string().nullable(),
    validFrom: time,
    validTo: time.nullable(),
    locked: z.boolean(),
    successor: z.string().nullable(),
    holdIndeterminate: z.boolean(),
    aliases: z.array(z.object({ code: z.string(), validFrom: time, validTo: time.nullable() })),
    revision: z.int(),
  })
  .meta({ id: 'Agency' });

export const AgencyPageSchema = z
  .object({ items: z.array(AgencySchema), next: z.string().nullable(), revision: z.int() })
  .meta({ id: 'AgencyPage' });

export const TokenSchema = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int(),
    scope: z.string(),
  })
  .meta({ id: 'Token' });

export const ProblemSchema = z
  .looseObject({ type: z.string(), title: z.string(), status: z.int(), code: z.string(), detail: z.string() })
  .meta({
    id: 'Problem',
    description: 'RFC 9457; title and detail follow Accept-Language, code never changes',
  });

/** An attachment with time-stamps and validation data added. */
export const AugmentationSchema = z
  .object({
    documentId: z.uuid(),
    attachment: z.int().min(0),
    number: z.int().min(1),
    level: z.enum(['B-T', 'B-LT', 'B-LTA']),
    at: time,
    sha256,
    size: z.int(),
  })
  .meta({ id: 'Augmentation' });
