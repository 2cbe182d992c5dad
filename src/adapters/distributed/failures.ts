import mongoose from 'mongoose';
import { isTrucError, TrucError } from '../../kernel/index.ts';

/**
 * A port whose methods fail with TrucErrors only: what the driver throws becomes `adapters.store-failed` with the
 * driver's error as its cause.
 */
export function typedFailures<Port extends object>(port: Port): Port {
  const methods = Object.entries(port).map(([name, method]) => [name, typed(method)]);
  return Object.fromEntries(methods) as Port;
}

function typed<In extends unknown[], Out>(method: (...values: In) => Promise<Out>) {
  return async (...values: In): Promise<Out> => {
    try {
      return await method(...values);
    } catch (error) {
      if (isTrucError(error)) throw error;
      throw new TrucError('adapters.store-failed', { store: 'mongodb' }, error);
    }
  };
}

const DUPLICATE_KEY = 11_000;

/** Whether a write found its key taken. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongoose.mongo.MongoServerError && error.code === DUPLICATE_KEY;
}
