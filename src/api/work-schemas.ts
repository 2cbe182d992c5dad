import { z } from 'zod';
import { CAPACITIES } from '../signing/index.ts';
import { INCOMING_STATES, OUTGOING_STATES, REGISTERS, STEP_NAMES, WORK_ROLES } from '../workflow/index.ts';
import { pageLimit, writtenText } from './validate.ts';

/** The wire contract of the clerical work (docs/workflow.md). */
const time = z.iso.datetime().meta({ description: 'RFC 3339 UTC, milliseconds' });
const user = writtenText(200).min(1);

const PersonSchema = z.object({
  id: user.meta({ description: "the agency's own name for the person" }),
  name: writtenText(200).min(1),
  title: writtenText(200).default(''),
});

/** Who takes the step, on the word of the agency's system. */
const By = PersonSchema.extend({
  role: z.enum(WORK_ROLES),
  serialNumber: z.string().max(64).nullable().default(null).meta({
    description: "serialNumber of the subject of the person's certificate",
  }),
}).meta({ id: 'WorkBy' });

const revision = z.int().min(1).meta({ description: 'of the file as the person saw it' });
const note = writtenText(4_000).default('');
const point = z.number().min(-20_000).max(20_000);
const spot = z.object({ x: point, y: point });
const places = z.object({ number: spot, date: spot });
const agency = z.string().max(35).nullable().default(null);

export const LetterSchema = z.object({
  subject: writtenText(500).min(1),
  typeName: writtenText(100).min(1).default('Công văn'),
  notation: writtenText(30).min(1).meta({ description: '`UBND-VX`: what stands after the number' }),
  place: writtenText(50).min(1),
  to: z.array(z.string().max(35)).min(1).max(500),
  toPlaces: z.array(writtenText(150)).max(100).default([]),
  priority: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).default(0),
  dueDate: z.iso.date().nullable().default(null),
  signer: PersonSchema,
  capacity: z.enum(CAPACITIES).default('direct'),
  authority: writtenText(100)
    .default('')
    .meta({ description: 'line above the title: `TM. ỦY BAN NHÂN DÂN`' }),
  delegationId: z.uuid().nullable().default(null),
  places: places.meta({ description: 'where number and date go: left ends of base lines on page 1, points' }),
  paragraphs: z.array(writtenText(20_000)).max(500).nullable().default(null),
  answers: z.uuid().nullable().default(null).meta({ description: 'fileId of the incoming document' }),
  amends: z
    .object({ kind: z.enum(['update', 'replace']), fileId: z.uuid(), reason: writtenText(500).min(1) })
    .optional()
    .meta({ description: 'the sent document that this one corrects or takes the place of' }),
});

export const OpenOutgoingSchema = z
  .object({
    agency,
    documentId: z.uuid().meta({ description: 'of the draft, from POST /v1/sign/documents' }),
    letter: LetterSchema,
    by: By,
  })
  .meta({ id: 'WorkOpenOutgoing' });

export const StepSchema = z.object({ revision, by: By, note }).meta({ id: 'WorkStep' });
export const AnnexSchema = StepSchema.extend({
  annex: z.object({ documentId: z.uuid(), name: writtenText(200).min(1) }),
}).meta({ id: 'WorkAnnex' });
export const DropAnnexSchema = StepSchema.extend({ documentId: z.uuid() }).meta({ id: 'WorkDropAnnex' });
export const CommentSchema = z
  .object({ by: By, note: writtenText(4_000).min(1) })
  .meta({ id: 'WorkComment' });
export const EditSchema = StepSchema.extend({ letter: LetterSchema }).meta({ id: 'WorkEdit' });
export const AskSchema = StepSchema.extend({ checkers: z.array(PersonSchema).min(1).max(50) }).meta({
  id: 'WorkAsk',
});
export const CheckSchema = StepSchema.extend({ aspect: z.enum(['content', 'form']) }).meta({
  id: 'WorkCheck',
});
export const WorkTicketSchema = StepSchema.extend({
  act: z.enum(['initial', 'approve', 'seal', 'appendix']),
  returnOrigin: z.string().max(255),
}).meta({ id: 'WorkTicketOrder' });
export const WorkNumberSchema = StepSchema.extend({
  number: z.int().min(1).max(9_999_999).nullable().default(null),
  date: z.iso.date().nullable().default(null),
  places: places.optional(),
}).meta({ id: 'WorkNumberOrder' });
export const IssueSchema = StepSchema.extend({
  to: z.array(z.string().max(35)).min(1).max(500).nullable().default(null),
}).meta({ id: 'WorkIssue' });

export const CollectSchema = z
  .object({ agency, by: By, limit: z.int().min(1).max(100).default(20) })
  .meta({ id: 'WorkCollect' });
export const CollectedSchema = z
  .object({ documents: z.int(), statuses: z.int(), notices: z.int() })
  .meta({ id: 'WorkCollected' });
export const RegisterSchema = StepSchema.extend({
  number: z.int().min(1).max(9_999_999).nullable().default(null),
}).meta({ id: 'WorkRegisterOrder' });
export const DirectSchema = StepSchema.extend({
  lead: PersonSchema,
  others: z.array(PersonSchema).max(50).default([]),
  dueDate: z.iso.date().nullable().default(null),
}).meta({ id: 'WorkDirective' });
export const RecallAnswerSchema = StepSchema.extend({ agree: z.boolean() }).meta({ id: 'WorkRecallAnswer' });

export const FileListQuery = z.object({
  agency: z.string().max(35).optional(),
  state: z.enum([...OUTGOING_STATES, ...INCOMING_STATES]).optional(),
  turn: writtenText(250).optional().meta({ description: '`role:clerk` or `person:<id>`' }),
  after: z.uuid().optional(),
  limit: pageLimit(50),
});
export const RegisterQuerySchema = z.object({
  agency: z.string().max(35).optional(),
  year: z.coerce.number().int().min(2000).max(2999),
  after: z.coerce.number().int().min(0).default(0),
  limit: pageLimit(500),
});

const Line = z.object({ register: z.enum(REGISTERS), year: z.int(), series: z.string(), number: z.int() });
const Done = z.object({
  step: z.enum(STEP_NAMES),
  by: z.object({ id: z.string(), name: z.string(), title: z.string() }).meta({
    description: 'without a name where the axis did it by itself',
  }),
  at: time,
  eventId: z.string(),
  revision: z.int(),
  note: z.string(),
  version: z.int().optional(),
});

export const WorkFileSchema = z
  .object({
    fileId: z.uuid(),
    kind: z.enum(['outgoing', 'incoming']),
    agency: z.string(),
    documentId: z.uuid(),
    revision: z.int(),
    state: z.enum([...OUTGOING_STATES, ...INCOMING_STATES]),
    turns: z.array(z.string()),
    line: Line.nullable(),
    unfinished: z.boolean(),
    steps: z.array(Done),
    createdAt: time,
    updatedAt: time,
  })
  .loose()
  .meta({ id: 'WorkFile' });

export const WorkFileListSchema = z
  .object({ items: z.array(WorkFileSchema), next: z.uuid().nullable() })
  .meta({ id: 'WorkFileList' });

export const WorkRegisterSchema = z
  .object({ items: z.array(WorkFileSchema), next: z.int().nullable() })
  .meta({ id: 'WorkRegister' });
