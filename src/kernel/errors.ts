/** What an error tells beside its code: short, printable facts; never secrets, never document content. */
export type ErrorFacts = Readonly<
  Record<string, string | number | boolean | null | readonly string[] | readonly object[]>
>;

/**
 * Base of every error that Trục throws on purpose. `code` is `room.cause-in-kebab` from a closed list per room;
 * sentences for people are made from code and facts by `messages/` at the gate.
 */
export class TrucError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly facts: ErrorFacts;

  constructor(code: Code, facts: ErrorFacts = {}, cause?: unknown) {
    super(describe(code, facts), cause === undefined ? undefined : { cause });
    this.name = 'TrucError';
    this.code = code;
    this.facts = facts;
  }
}

/** A broken assumption of ours, never a user's mistake: the process may stop on it. */
export class ImpossibleError extends TrucError<'kernel.impossible'> {
  constructor(what: string, cause?: unknown) {
    super('kernel.impossible', { what }, cause);
    this.name = 'ImpossibleError';
  }
}

/** True for a TrucError with one of the given codes (any code when none is given). Works across module realms. */
export function isTrucError(error: unknown, ...codes: string[]): error is TrucError {
  if (!(error instanceof TrucError)) return false;
  return codes.length === 0 || codes.includes(error.code);
}

/** The `code` that Node's own errors carry (`ENOENT`, `ERR_SQLITE_ERROR`), or undefined. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function describe(code: string, facts: ErrorFacts): string {
  const entries = Object.entries(facts);
  return entries.length === 0 ? code : `${code} ${JSON.stringify(facts)}`;
}
