import type { Bytes } from '../checks/bytes.ts';
import { SignerError } from '../errors.ts';
import type { FromWorker, ToWorker } from './key-file.ts';
import { keyIn } from './key-in-file.ts';

/** Where key files are opened: key derivation of a million rounds must not hold up the page. Keys leave it not exportable. */
interface Scope {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}
const scope = globalThis as unknown as Scope;
let key: Awaited<ReturnType<typeof keyIn>> | null = null;
let tell = 0;

function rounds(done: number, all: number): void {
  tell += done;
  scope.postMessage({ kind: 'progress', part: Math.min(1, tell / all) });
}

/**
 * Vietnamese letters have two spellings in Unicode, and which one a keyboard makes is not to be seen: a password that is wrong as it
 * was typed is tried in the other.
 */
async function opened(bytes: Bytes, password: string): Promise<Awaited<ReturnType<typeof keyIn>>> {
  const [typed, ...others] = new Set([password, password.normalize('NFC'), password.normalize('NFD')]);
  try {
    return await keyIn(bytes, typed ?? '', rounds);
  } catch (error) {
    const [other] = others;
    if (!(error instanceof SignerError) || error.code !== 'E_PIN_WRONG' || other === undefined) throw error;
    tell = 0;
    return keyIn(bytes, other, rounds);
  }
}

async function answer(message: ToWorker): Promise<FromWorker> {
  tell = 0;
  if (message.kind === 'open') {
    key = await opened(message.bytes, message.password);
    return { kind: 'opened', ...key.certificates };
  }
  if (!key) throw new SignerError('E_KEY_FILE');
  return { kind: 'unlocked', ...(await key.unlock()) };
}

scope.onmessage = ({ data }) => {
  answer(data).then(
    (message) => scope.postMessage(message),
    (error: unknown) => {
      const code = error instanceof SignerError ? error.code : 'E_KEY_FILE';
      scope.postMessage({ kind: 'failed', code });
    },
  );
};
