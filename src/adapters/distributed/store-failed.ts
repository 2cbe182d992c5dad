import { isTrucError, TrucError } from '../../kernel/index.ts';

/** What the driver threw, as the one error that the rooms above know. */
export function storeFailed(error: unknown): TrucError {
  return isTrucError(error) ? error : new TrucError('adapters.store-failed', { store: 'mongodb' }, error);
}

/** @throws TrucError `adapters.store-failed` for whatever the driver throws */
export async function asked<Answer>(question: Promise<Answer>): Promise<Answer> {
  try {
    return await question;
  } catch (error) {
    throw storeFailed(error);
  }
}
