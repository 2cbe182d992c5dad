export * from './conformance.ts';
export * from './errors.ts';
export * from './fault.ts';
export * from './limits.ts';
export * from './model.ts';
export { readEdxml } from './read.ts';
export { type FileKind, sniff } from './sniff.ts';
export * from './validate.ts';
export * from './write.ts';
