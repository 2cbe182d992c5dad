export * from './deliver.ts';
export * from './revocation.ts';
export * from './sweep.ts';
