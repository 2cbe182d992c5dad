export * from './edxml-faults.ts';
export * from './evidence.ts';
export * from './language.ts';
export type { ProblemText } from './problem-text.ts';
export * from './problems.ts';
export * from './second-opinion.ts';
export * from './startup.ts';
export * from './story.ts';
export * from './verdicts.ts';
