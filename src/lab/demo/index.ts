export * from './letters.ts';
export { letterOrder, tampered, writeSamples } from './samples.ts';
export * from './story.ts';
export * from './world.ts';
