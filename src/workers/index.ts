export { alertWorker } from './alerts.ts';
export { augmentWorker } from './augment.ts';
export { collectWorker } from './collect.ts';
export * from './deliver.ts';
export * from './figures.ts';
export * from './review.ts';
export * from './revocation.ts';
export * from './sweep.ts';
