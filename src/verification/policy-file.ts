import { z } from 'zod';
import { TrucError } from '../kernel/index.ts';
import type { VerificationErrorCode } from './errors.ts';
import type { AlgorithmRule, AnchorPattern, Policy, Rule } from './policy-rules.ts';

const rule = <Schema extends z.ZodType>(value: Schema) =>
  z.strictObject({ value, source: z.string().min(3).describe('The text that the rule comes from') });

const day = z.iso.date().describe('A day, UTC; a rule or policy holds until the end of its last day');
const algorithms = <Names extends [string, ...string[]]>(names: Names) =>
  z.array(z.strictObject({ name: z.enum(names), until: day.optional() })).min(1);
const duration = z
  .string()
  .regex(/^\d{1,6}[smhd]$/)
  .describe('Whole seconds, minutes, hours or days: 90s, 5m, 12h, 7d');
const bits = z.int().min(1).max(16_384).optional();
const pattern = z
  .strictObject({
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('Fingerprint of the DER, lower-case hexadecimal')
      .optional(),
    commonName: z.string().min(1).optional(),
    organization: z.string().min(1).optional(),
    from: day.optional(),
    until: day.optional(),
  })
  .refine((one) => one.sha256 ?? one.commonName ?? one.organization, 'names nothing');

/** The rules of a policy file; a file with a `base` gives only those that differ. */
const rules = z.strictObject({
  digests: rule(
    algorithms(['sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha3-256', 'sha3-384', 'sha3-512']),
  ),
  schemes: rule(algorithms(['rsa', 'rsa-pss', 'ecdsa', 'ed25519'])),
  smallestKeys: rule(z.strictObject({ rsa: bits, 'rsa-pss': bits, ec: bits, ed25519: bits })),
  curves: rule(z.array(z.enum(['prime256v1', 'secp384r1', 'secp521r1']))),
  signingCertificate: rule(z.enum(['demanded', 'expected'])),
  timestamp: rule(z.enum(['demanded', 'optional'])),
  allowedEkus: rule(z.array(z.string().regex(/^\d+(\.\d+)+$/)).nullable()),
  ber: rule(z.enum(['accepted', 'refused'])),
  longestAge: rule(duration),
  clockSkew: rule(duration),
  issuedAfterExpiry: rule(z.enum(['accepted', 'refused'])),
  signingTimeTolerance: rule(duration),
  anchors: rule(z.strictObject({ accepted: z.array(pattern).min(1).nullable(), refused: z.array(pattern) })),
  augmentation: rule(
    z.strictObject({
      level: z.enum(['none', 'B-T', 'B-LT', 'B-LTA']),
      after: duration.describe('How long after its arrival a document gets it'),
      renewBefore: duration.describe('How long before the last time-stamp ends the next one is added'),
    }),
  ),
});

/** A rule that came later: a file from before it, without a base, asks for nothing. */
const UNSAID: Partial<Policy> = {
  augmentation: {
    value: { level: 'none', after: 0, renewBefore: 0 },
    source: 'house rule: what a policy file does not say is not done',
  },
};

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** A policy file: `schemas/policy/policy.schema.json` is made from it. */
export const policyFileSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().regex(NAME),
  base: z
    .string()
    .regex(NAME)
    .optional()
    .describe('A built-in policy whose rules hold where this file gives none'),
  title: z.string().min(1),
  validFrom: day.nullable(),
  validUntil: day.nullable(),
  source: z.string().min(3),
  rules: rules.partial(),
});

/**
 * A policy out of the parsed JSON of a policy file.
 * @param based gives the built-in policy that `base` names
 * @throws TrucError `verification.policy-invalid` with the path and cause of the first fault; what `based` throws
 */
export function readPolicy(json: unknown, based: (name: string) => Policy): Policy {
  const code: VerificationErrorCode = 'verification.policy-invalid';
  const read = policyFileSchema.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new TrucError(code, { path: issue?.path.join('.') ?? '', cause: issue?.message ?? '' });
  }
  const { name, base, validFrom, validUntil } = read.data;
  const own = rulesOf(read.data.rules);
  const inherited = base === undefined ? null : based(base);
  if (!inherited) {
    const missing = Object.keys(rules.shape).find(
      (key) => !Object.hasOwn(UNSAID, key) && !Object.hasOwn(read.data.rules, key),
    );
    if (missing !== undefined) throw new TrucError(code, { path: `rules.${missing}`, cause: 'missing' });
  }
  const merged = {
    ...(inherited ?? UNSAID),
    ...own.direct,
    revocation: { ...inherited?.revocation, ...own.revocation },
    name,
    inForce: { from: startOf(validFrom), until: endOf(validUntil) },
  };
  // Every rule is there: the file's own, or the base's.
  return merged as Policy;
}

function rulesOf(given: Partial<z.infer<typeof rules>>) {
  const {
    longestAge,
    clockSkew,
    issuedAfterExpiry,
    signingTimeTolerance,
    digests,
    schemes,
    anchors,
    augmentation,
    ...same
  } = given;
  const direct = {
    ...same,
    ...(digests && { digests: withValue(digests, dated(digests.value)) }),
    ...(schemes && { schemes: withValue(schemes, dated(schemes.value)) }),
    ...(anchors && { anchors: withValue(anchors, anchorsOf(anchors.value)) }),
    ...(augmentation && {
      augmentation: withValue(augmentation, {
        level: augmentation.value.level,
        after: milliseconds(augmentation.value.after),
        renewBefore: milliseconds(augmentation.value.renewBefore),
      }),
    }),
    ...(signingTimeTolerance && {
      signingTimeTolerance: withValue(signingTimeTolerance, milliseconds(signingTimeTolerance.value)),
    }),
  };
  const revocation = {
    ...(longestAge && { longestAge: withValue(longestAge, milliseconds(longestAge.value)) }),
    ...(clockSkew && { clockSkew: withValue(clockSkew, milliseconds(clockSkew.value)) }),
    ...(issuedAfterExpiry && { issuedAfterExpiry }),
  };
  return { direct, revocation };
}

function withValue<Value>({ source }: { source: string }, value: Value): Rule<Value> {
  return { value, source };
}

function dated<Name extends string>(list: readonly { name: Name; until?: string | undefined }[]) {
  return list.map(({ name, until }): AlgorithmRule<Name> => {
    return { name, until: until === undefined ? null : endOf(until) };
  });
}

type FilePattern = z.infer<typeof pattern>;

function anchorsOf(value: { accepted: FilePattern[] | null; refused: FilePattern[] }) {
  return { accepted: value.accepted?.map(patternOf) ?? null, refused: value.refused.map(patternOf) };
}

function patternOf({ sha256, commonName, organization, from, until }: FilePattern): AnchorPattern {
  return {
    sha256: sha256 ?? null,
    commonName: commonName ?? null,
    organization: organization ?? null,
    from: startOf(from ?? null),
    until: endOf(until ?? null),
  };
}

const startOf = (written: string | null): number => (written === null ? -Infinity : Date.parse(written));
const DAY = 86_400_000;
const endOf = (written: string | null): number =>
  written === null ? Infinity : Date.parse(written) + DAY - 1;

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY };

function milliseconds(written: string): number {
  return Number(written.slice(0, -1)) * (UNITS[written.slice(-1)] ?? 0);
}
