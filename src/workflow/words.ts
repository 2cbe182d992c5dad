/**
 * What somebody is in the clerical work of an agency (NĐ 30/2020): drafts and deals with documents (chuyên viên), leads it
 * (người đứng đầu, cấp phó), or keeps numbers, seal and registers (Văn thư cơ quan).
 */
export const WORK_ROLES = ['specialist', 'deputy', 'leader', 'clerk'] as const;
export type WorkRole = (typeof WORK_ROLES)[number];

/** Everything that somebody can do to a file, outgoing and incoming. */
export const STEP_NAMES = [
  'draft',
  'ask',
  'comment',
  'check-content',
  'check-form',
  'initial',
  'submit',
  'give-back',
  'discard',
  'sign',
  'number',
  'seal',
  'seal-annexes',
  'issue',
  'sent',
  'collect',
  'verify',
  'register',
  'refuse',
  'direct',
  'progress',
  'complete',
  'answer-recall',
  'delegate',
] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** What is checked before the competent person signs (NĐ 30/2020 art. 12). */
export const CHECK_ASPECTS = ['content', 'form'] as const;
export type CheckAspect = (typeof CHECK_ASPECTS)[number];

/**
 * Where an outgoing document stands. `signed`, `numbered` and `sealed` follow from the bytes of its draft; `issuing` is the
 * moment between the decision to send and the axis's answer; `discarded` is a draft that nobody signed and nobody will.
 */
export const OUTGOING_STATES = [
  'drafting',
  'checking',
  'signing',
  'signed',
  'numbered',
  'sealed',
  'issuing',
  'sent',
  'discarded',
] as const;
export type OutgoingState = (typeof OUTGOING_STATES)[number];

/** Where an incoming document stands. */
export const INCOMING_STATES = [
  'arrived',
  'verified',
  'registered',
  'assigned',
  'working',
  'done',
  'returned',
  'withdrawn',
] as const;
export type IncomingState = (typeof INCOMING_STATES)[number];

/** The two registers of art. 15, 16 and 22: each has its own numbers from 01 on each 1 January. */
export const REGISTERS = ['outgoing', 'incoming'] as const;
export type RegisterName = (typeof REGISTERS)[number];
