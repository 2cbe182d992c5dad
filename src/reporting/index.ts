export * from './desk.ts';
export { type DisclosingDesk, disclosedExport } from './disclosed.ts';
export * from './indicators.ts';
export type { Month } from './month.ts';
export * from './quarter.ts';
export * from './reports.ts';
export { takeSnapshot } from './snapshot.ts';
