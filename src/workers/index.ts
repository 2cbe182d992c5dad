export { augmentWorker } from './augment.ts';
export * from './deliver.ts';
export * from './review.ts';
export * from './revocation.ts';
export * from './sweep.ts';
