export * from './declaration.ts';
export type * from './errors.ts';
export * from './export.ts';
export { type IssueOptions, issuePki, type Pki, type PkiEntity } from './issue.ts';
export * from './tsa.ts';
