export * from './batcher.ts';
export * from './canonical-json.ts';
export * from './clock.ts';
export * from './digest.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './log.ts';
export * from './text.ts';
