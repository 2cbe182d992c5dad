import { TrucError } from '../kernel/index.ts';
import type { WorkProblemCode } from './errors.ts';
import type { Actor, IncomingFile, OutgoingFile, WorkFile } from './file.ts';
import type { WorkRules } from './rules.ts';
import type { CheckAspect, IncomingState, OutgoingState, StepName } from './words.ts';

/** In which states an outgoing file takes a step. */
const OUTGOING: Partial<Record<StepName, readonly OutgoingState[]>> = {
  draft: ['drafting', 'checking'],
  ask: ['drafting', 'checking'],
  comment: ['drafting', 'checking', 'signing'],
  'check-content': ['checking'],
  'check-form': ['checking'],
  initial: ['checking'],
  submit: ['checking'],
  'give-back': ['checking', 'signing'],
  discard: ['drafting', 'checking'],
  sign: ['signing'],
  number: ['signed'],
  seal: ['numbered'],
  'seal-annexes': ['numbered', 'sealed'],
  issue: ['sealed'],
};

/** In which states an incoming file takes a step. */
const INCOMING: Partial<Record<StepName, readonly IncomingState[]>> = {
  verify: ['arrived'],
  register: ['verified'],
  refuse: ['arrived', 'verified'],
  direct: ['registered', 'assigned', 'working'],
  progress: ['assigned', 'working'],
  complete: ['assigned', 'working'],
  'answer-recall': ['arrived', 'verified', 'registered', 'assigned', 'working', 'done'],
};

/**
 * Whether the roles of a person allow a step at all (NĐ 30/2020; the rules name the article of each).
 * @throws TrucError `work.role-missing`
 */
export function checkRole(step: StepName, { roles }: Pick<Actor, 'roles'>, rules: WorkRules): void {
  const wanted = rules.steps[step];
  if (!roles.some((role) => wanted.roles.includes(role)))
    throw new TrucError<WorkProblemCode>('work.role-missing', {
      step,
      roles: [...wanted.roles],
      source: `${rules.source}, ${wanted.source}`,
    });
}

/**
 * Whether this person may take this step on this file now: state, role, turn, and separation of duties.
 * @throws TrucError `work.step-not-now`, `work.role-missing`, `work.not-your-turn`, `work.same-person`, `work.checks-missing`
 */
export function checkStep(file: WorkFile, step: StepName, actor: Actor, rules: WorkRules): void {
  checkRole(step, actor, rules);
  const states: readonly string[] = (file.kind === 'outgoing' ? OUTGOING : INCOMING)[step] ?? [];
  if (!states.includes(file.state))
    throw new TrucError<WorkProblemCode>('work.step-not-now', { step, state: file.state, states });
  if (file.kind === 'outgoing') checkOutgoing(file, step, actor, rules);
  else checkIncoming(file, step, actor);
}

/** Whether {@link checkStep} passes: for what a page offers. */
export function mayStep(file: WorkFile, step: StepName, actor: Actor, rules: WorkRules): boolean {
  try {
    checkStep(file, step, actor, rules);
    return true;
  } catch {
    return false;
  }
}

function checkOutgoing(file: OutgoingFile, step: StepName, actor: Actor, rules: WorkRules): void {
  const { drafter, letter } = file;
  if (['draft', 'ask', 'submit', 'discard'].includes(step)) only(actor, [drafter.id], step);
  if (step === 'sign') only(actor, [letter.signer.id], step);
  if (step === 'give-back')
    only(actor, [letter.signer.id, ...file.checkers.map(({ id }) => id), drafter.id], step);
  if (step === 'check-content' || step === 'check-form') {
    only(actor, file.checkers.map(({ id }) => id), step); // biome-ignore format: one line
    const { source, value } = rules.checkedByAnother;
    if (value.includes('drafter') && actor.id === drafter.id) throw samePerson(step, source);
    if (value.includes('signer') && actor.id === letter.signer.id) throw samePerson(step, source);
  }
  if (step === 'initial') only(actor, [drafter.id, ...file.checkers.map(({ id }) => id)], step);
  if (
    (step === 'seal' || step === 'seal-annexes') &&
    rules.sealedByAnother.value &&
    actor.id === file.signedBy
  )
    throw samePerson(step, rules.sealedByAnother.source);
  if (step === 'submit') {
    const missing = missingChecks(file, rules);
    if (missing.length > 0)
      throw new TrucError<WorkProblemCode>('work.checks-missing', {
        missing,
        source: rules.checksBeforeSigning.source,
      });
  }
}

/** Checks that the newest version has not had yet. A version that differs only by somebody's initials counts as checked. */
export function missingChecks(file: OutgoingFile, rules: WorkRules): CheckAspect[] {
  return rules.checksBeforeSigning.value.filter(
    (aspect) => !file.checks.some((one) => one.aspect === aspect && one.version >= file.content),
  );
}

function checkIncoming(file: IncomingFile, step: StepName, actor: Actor): void {
  const { directive } = file;
  if (directive && step === 'progress')
    only(actor, [directive.lead.id, ...directive.others.map(({ id }) => id)], step);
  if (directive && step === 'complete') only(actor, [directive.lead.id], step);
  if (step === 'answer-recall' && (file.recall === null || file.recall.answer !== null))
    throw new TrucError<WorkProblemCode>('work.step-not-now', { step, state: file.state, states: [] });
}

function only({ id }: Actor, ids: readonly string[], step: StepName): void {
  if (!ids.includes(id)) throw new TrucError<WorkProblemCode>('work.not-your-turn', { step });
}

function samePerson(step: StepName, source: string): TrucError {
  return new TrucError<WorkProblemCode>('work.same-person', { step, source });
}
