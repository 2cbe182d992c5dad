import { isTrucError, type TrucError } from '../kernel/index.ts';
import { type EdxmlFault, readingFault } from './fault.ts';
import { DEFAULT_LIMITS, type EdxmlLimits } from './limits.ts';
import { readCollecting } from './read.ts';
import { type ValidationContext, validateDocument, validateStatus } from './validate.ts';

export interface ConformanceReport {
  /** No fault of severity error. */
  ok: boolean;
  kind: 'document' | 'status' | 'unreadable';
  faults: EdxmlFault[];
}

/**
 * Names every fault of a file at once, those of its attachments included; a file whose envelope cannot be read has that one
 * fault. Never throws for bad input.
 */
export function checkConformance(
  bytes: Uint8Array,
  context: Pick<ValidationContext, 'now'> & { limits?: EdxmlLimits },
): ConformanceReport {
  const refused: TrucError[] = [];
  try {
    const message = readCollecting(bytes, context.limits ?? DEFAULT_LIMITS, (error) => refused.push(error));
    const faults = [...faultsOf(message, context.now), ...refused.map(readingFault)];
    return { ok: faults.every((fault) => fault.severity === 'warning'), kind: message.kind, faults };
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return { ok: false, kind: 'unreadable', faults: [readingFault(error)] };
  }
}

function faultsOf(message: ReturnType<typeof readCollecting>, now: number): EdxmlFault[] {
  const context = { now, locate: message.locate };
  if (message.kind === 'status') return validateStatus(message.status, context);
  return validateDocument(message.document, message.attachments, context);
}
