export * from './language.ts';
export * from './problems.ts';
export * from './startup.ts';
