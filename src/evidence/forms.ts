import * as z from 'zod';
import type { JsonValue } from '../kernel/index.ts';
import { MAX_FACTS } from '../ledger/index.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);
const value: z.ZodType<JsonValue> = z.json() as z.ZodType<JsonValue>;

const disclosure = z.object({
  name: z.string().min(1).max(512),
  value,
  /** base64url of the 32 bytes that open this fact. */
  key: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

/** A receipt: proof that one entry is in the log. Fields may be added, so unknown ones are passed over. */
export const receiptForm = z.object({
  log: z.string().min(1).max(255),
  index: z.int().min(0),
  entry: base64.max(16_384),
  proof: z.string().max(300_000),
  checkpoint: z.string().max(262_144),
  commitments: z.array(hash).max(MAX_FACTS),
  disclosures: z.array(disclosure).max(MAX_FACTS),
  vkey: z.string().max(600),
});

/** `disclosures.json` of a package: per entry the commitments in order and what the holder may open. */
export const disclosuresForm = z.array(
  z.object({
    entry: z.string().regex(/^entries\/\d{3,6}\.json$/),
    commitments: z.array(hash).max(MAX_FACTS),
    disclosures: z.array(disclosure).max(MAX_FACTS),
  }),
);

/** `manifest.json` of a package. */
export const manifestForm = z.object({
  format: z.literal('truc-evidence/1'),
  documentId: z.string().max(64),
  log: z.string().min(1).max(255),
  vkey: z.string().max(600),
  /** SHA-256 of every other file of the package, lower-case hexadecimal. */
  files: z.record(z.string().max(128), hash),
});

export type Receipt = z.infer<typeof receiptForm>;
export type PackedDisclosures = z.infer<typeof disclosuresForm>;
export type Manifest = z.infer<typeof manifestForm>;
