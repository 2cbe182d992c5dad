import { z } from 'zod';
import { inForceOn } from '../signing/index.ts';
import decree30 from './rules/nd-30-2020.json' with { type: 'json' };
import { CHECK_ASPECTS, INCOMING_STATES, OUTGOING_STATES, STEP_NAMES, WORK_ROLES } from './words.ts';

const step = z.strictObject({ source: z.string(), roles: z.array(z.enum(WORK_ROLES)).min(1) });

const rulesForm = z.strictObject({
  name: z.string(),
  source: z.string(),
  /** Vietnam's dates on which the rules count, both included. */
  validFrom: z.iso.date(),
  validUntil: z.iso.date().nullable(),
  /** Who may take which step. */
  steps: z.record(z.enum(STEP_NAMES), step),
  /** After how many days without a change a draft that nobody has signed is closed. */
  draftsKept: z.strictObject({ source: z.string(), days: z.number().int().min(1) }),
  /** How many working days a step may take, from the day of the arrival or of the signature; 0 = the same day. */
  deadlines: z.array(
    z.strictObject({
      source: z.string(),
      kind: z.enum(['outgoing', 'incoming']),
      states: z.array(z.enum([...OUTGOING_STATES, ...INCOMING_STATES])).min(1),
      from: z.enum(['arrival', 'signature']),
      workingDays: z.number().int().min(0),
      urgentWorkingDays: z.number().int().min(0),
    }),
  ),
  /** What somebody must have checked on the very version that goes to the signer. */
  checksBeforeSigning: z.strictObject({ source: z.string(), value: z.array(z.enum(CHECK_ASPECTS)) }),
  /** Who can be no checker of a document. */
  checkedByAnother: z.strictObject({ source: z.string(), value: z.array(z.enum(['drafter', 'signer'])) }),
  /** Whoever signed as the competent person does not apply the agency's seal as well. */
  sealedByAnother: z.strictObject({ source: z.string(), value: z.boolean() }),
});

/** Who may do what in an agency's clerical work, as data with the articles; a later decree is another file. */
export type WorkRules = z.output<typeof rulesForm>;

const RULES: readonly WorkRules[] = [rulesForm.parse(decree30)];

/** The rules that are in force on a day. @param day `YYYY-MM-DD`, Vietnam's */
export function workRulesOn(day: string): WorkRules {
  return inForceOn(day, RULES);
}
