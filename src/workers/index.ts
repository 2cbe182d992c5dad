export * from './deliver.ts';
export * from './sweep.ts';
