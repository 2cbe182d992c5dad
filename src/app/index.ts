export { type Composed, keysOf, openStores, type Stores } from './compose.ts';
export * from './config.ts';
export * from './data-folder.ts';
export * from './demo.ts';
export * from './env.ts';
export { type Running, start } from './lifecycle.ts';
export { makeLog } from './log.ts';
export { policyOf } from './policy.ts';
export { trustFolders } from './trust.ts';
