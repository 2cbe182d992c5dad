export { DEMO_AGENCIES, type DemoAgency, demoDrafts } from './agencies.ts';
export * from './letters.ts';
export { demoAgency, letterOrder, tampered, writeSamples } from './samples.ts';
export * from './story.ts';
export * from './world.ts';
