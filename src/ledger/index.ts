export * from './checkpoint.ts';
export * from './commitments.ts';
export * from './entry.ts';
export type { LedgerErrorCode } from './errors.ts';
export * from './merkle.ts';
export * from './note.ts';
export * from './proof.ts';
