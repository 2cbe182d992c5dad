/** What is measured. The unit is in the name; each value stands under a label where one measure has several. */
export const MEASURES = [
  /** Age of the oldest delivery that waits, by urgency 0–4. */
  'oldest-waiting-seconds',
  /** Deliveries to an agency that stopped, by its code. */
  'dead-letters',
  /** Time until the certificate of an authority ends, by its name. */
  'certificate-days',
  /** Time until the first of the CRLs in use ends. */
  'crl-hours',
  /** How long the last time-stamp took; for each failure since, a minute more. */
  'tsa-seconds',
  /** How far this machine's clock is from the stores'. */
  'clock-apart-seconds',
  /** What is free on the disk of the data, or of the database. */
  'disk-free-bytes',
  /** Days until the disk is full if it goes on as in the samples. */
  'disk-days',
  /** 1 while the ledger cannot be written. */
  'ledger-fault',
  /** Age of the oldest step that the ledger has not got. */
  'ledger-lag-seconds',
  /** 1 when the log of now does not continue the one that was seen before. */
  'ledger-inconsistent',
] as const;
export type Measure = (typeof MEASURES)[number];

/** One value of one moment. */
export interface Reading {
  measure: Measure;
  /** What it is of; empty where there is one only. */
  label: string;
  value: number;
}

/** Readings of one moment, as they are kept for previews. */
export interface Sample {
  /** RFC 3339 UTC. */
  at: string;
  /** What could be read: what has no reading of these is nothing to be told of. */
  measured: readonly Measure[];
  readings: readonly Reading[];
}
