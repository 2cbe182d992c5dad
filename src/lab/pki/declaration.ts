import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { TrucError } from '../../kernel/index.ts';
import type { PkiErrorCode } from './errors.ts';

const MINUTE = 60_000;
const UNITS: Record<string, number> = { m: MINUTE, h: 60 * MINUTE, d: 1440 * MINUTE, y: 365 * 1440 * MINUTE };

const relativeTime = z.string().regex(/^[+-]?\d+[mhdy]$/, 'a number with m, h, d or y, such as -30d');

const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const;

const extendedUsages = [
  'timeStamping',
  'OCSPSigning',
  'emailProtection',
  'clientAuth',
  'serverAuth',
] as const;

const reasons = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
] as const;

export const entitySchema = z.strictObject({
  kind: z.enum(['root', 'ca', 'seal', 'official', 'tsa', 'ocsp']),
  /** Name of the issuing entity; roots issue themselves. */
  issuer: z.string().optional(),
  /** A root that is no trust anchor: an impostor. */
  anchor: z.boolean().default(true),
  key: z.enum(['rsa-1024', 'rsa-2048', 'rsa-3072', 'ec-p256', 'ec-p384']).default('rsa-2048'),
  subject: z.strictObject({
    C: z.string().length(2).optional(),
    L: z.string().optional(),
    O: z.string().optional(),
    OU: z.string().optional(),
    title: z.string().optional(),
    CN: z.string(),
    serialNumber: z.string().optional(),
    UID: z.string().optional(),
  }),
  validity: z.strictObject({ from: relativeTime, to: relativeTime }),
  extensions: z
    .strictObject({
      keyUsage: z.array(z.enum(keyUsages)).optional(),
      extendedKeyUsage: z.array(z.enum(extendedUsages)).optional(),
      pathLength: z.number().int().min(0).optional(),
      /** Claims another entity's key in the authority key identifier. */
      authorityKeyOf: z.string().optional(),
    })
    .default({}),
  revoked: z.strictObject({ at: relativeTime, reason: z.enum(reasons) }).optional(),
});

const declarationSchema = z.strictObject({
  version: z.literal(1),
  policyOid: z.string().regex(/^\d+(\.\d+)+$/),
  entities: z.record(z.string(), entitySchema),
});

/** How an entity is declared, with defaults filled in. */
export type EntityDeclaration = z.output<typeof entitySchema>;
/** How an entity may be written: kind, subject and validity are enough for a root. */
export type EntityInput = z.input<typeof entitySchema>;
export type PkiDeclaration = z.output<typeof declarationSchema>;
export type KeyKind = EntityDeclaration['key'];
export type KeyUsage = (typeof keyUsages)[number];
export type ExtendedUsage = (typeof extendedUsages)[number];
export type RevocationReason = (typeof reasons)[number];
export type Subject = EntityDeclaration['subject'];

/**
 * Reads a declaration (YAML).
 * @throws TrucError `lab.pki-declaration-invalid` with the fault's place
 */
export function parsePkiDeclaration(yaml: string): PkiDeclaration {
  const result = declarationSchema.safeParse(parse(yaml, { maxAliasCount: 0 }));
  if (!result.success) throw invalid(result.error);
  return result.data;
}

/**
 * Fills in the defaults of one entity.
 * @throws TrucError `lab.pki-declaration-invalid` with the fault's place
 */
export function completeEntity(input: EntityInput): EntityDeclaration {
  const result = entitySchema.safeParse(input);
  if (!result.success) throw invalid(result.error);
  return result.data;
}

function invalid(error: z.ZodError): TrucError<PkiErrorCode> {
  const [issue] = error.issues;
  return new TrucError<PkiErrorCode>('lab.pki-declaration-invalid', {
    path: (issue?.path ?? []).join('.'),
    message: issue?.message ?? '',
  });
}

/** The repository's own declaration, `certs/test-pki.yml`. */
export function testPkiDeclaration(): PkiDeclaration {
  return parsePkiDeclaration(readFileSync(new URL('../../../certs/test-pki.yml', import.meta.url), 'utf8'));
}

/** `-30d` before or after `now`, in milliseconds since 1970. */
export function atRelative(text: string, now: number): number {
  const unit = UNITS[text.at(-1) ?? ''] ?? 0;
  return now + Number(text.slice(0, -1)) * unit;
}
