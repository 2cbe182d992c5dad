export * from './check.ts';
export * from './history.ts';
export * from './letters.ts';
export * from './load.ts';
