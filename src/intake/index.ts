export * from './errors.ts';
export * from './receive.ts';
export * from './secrets.ts';
export * from './submission.ts';
