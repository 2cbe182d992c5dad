/** Thrown when evidence cannot be made. Evidence that does not hold is a verdict, never an error. */
export type EvidenceErrorCode = 'evidence.too-large' | 'evidence.malformed';
