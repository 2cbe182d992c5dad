export * from './cms.ts';
export * from './der-walk.ts';
export * as der from './der-writer.ts';
export type * from './errors.ts';
