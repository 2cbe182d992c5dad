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

async function answer(message: ToWorker): Promise<FromWorker> {
  tell = 0;
  if (message.kind === 'open') {
    key = await keyIn(message.bytes, message.password, rounds);
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
