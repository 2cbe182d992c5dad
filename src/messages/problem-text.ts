import type { Bilingual } from './language.ts';

export interface ProblemText {
  /** What happened: one short sentence without facts. */
  title: Bilingual;
  /** What to do next; `{name}` stands for a fact of the problem. */
  remedy: Bilingual;
}
