export * from './declaration.ts';
export type * from './errors.ts';
export * from './export.ts';
export { type IssueOptions, issuePki, type Pki, type PkiEntity } from './issue.ts';
export { type Pkcs12Input, pkcs12 } from './pkcs12.ts';
export * from './tsa.ts';
