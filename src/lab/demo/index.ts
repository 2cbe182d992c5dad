export * from './letters.ts';
export { type RunningOffice, startOffice } from './office.ts';
export { type DemoPerson, demoLogin } from './people.ts';
export { letterOrder, tampered, writeSamples } from './samples.ts';
export type { SharedShelf } from './shared.ts';
export { writeSigners } from './signers.ts';
export * from './story.ts';
export * from './world.ts';
