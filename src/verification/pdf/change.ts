import type { LaterChange } from '../report.ts';

/** A later change with what FieldMDP needs to know about it. */
export interface Change extends LaterChange {
  /** Full name of an existing field whose value changed. */
  field?: string;
}

/** Writes a change down; `field` names an existing field that got a value. */
export type Tell = (kind: LaterChange['kind'], detail: string, field?: string) => void;
