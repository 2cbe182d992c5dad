import { isTrucError } from '../kernel/index.ts';
import { type EdxmlFault, readingFault } from './fault.ts';
import { DEFAULT_LIMITS, type EdxmlLimits } from './limits.ts';
import { readEdxml } from './read.ts';
import { type ValidationContext, validateDocument, validateStatus } from './validate.ts';

export interface ConformanceReport {
  /** No fault of severity error. */
  ok: boolean;
  kind: 'document' | 'status' | 'unreadable';
  faults: EdxmlFault[];
}

/** Names every fault of a file at once; a file that cannot be read has that one fault. Never throws for bad input. */
export function checkConformance(
  bytes: Uint8Array,
  context: ValidationContext & { limits?: EdxmlLimits },
): ConformanceReport {
  try {
    const message = readEdxml(bytes, context.limits ?? DEFAULT_LIMITS);
    const faults =
      message.kind === 'document'
        ? validateDocument(message.document, message.attachments, context)
        : validateStatus(message.status, context);
    return { ok: faults.every((fault) => fault.severity === 'warning'), kind: message.kind, faults };
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return { ok: false, kind: 'unreadable', faults: [readingFault(error)] };
  }
}
