import type { Bytes } from '../../checks/bytes.ts';

/** The page's own key towards one agent: X25519, never exportable. */
export interface PageKey {
  pair: CryptoKeyPair;
  /** 32 octets. */
  publicKey: Bytes;
  /** Whether it was paired before. */
  isKept: boolean;
}

const DATABASE = 'truc-agents';
const STORE = 'keys';

/**
 * The key that was paired with this agent, or a new one. Where the browser keeps nothing for framed pages, pairing is done anew each
 * time.
 * @param agent the agent's public key, as base64
 */
export async function pageKeyFor(agent: string): Promise<PageKey> {
  const kept = await inStore<CryptoKeyPair | undefined>('readonly', (store) => store.get(agent)).catch(
    () => undefined,
  );
  const pair =
    kept ?? ((await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits'])) as CryptoKeyPair);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { pair, publicKey, isKept: kept !== undefined };
}

export async function keepPageKey(agent: string, { pair }: PageKey): Promise<void> {
  await inStore('readwrite', (store) => store.put(pair, agent)).catch(() => undefined);
}

export async function forgetPageKey(agent: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(agent)).catch(() => undefined);
}

async function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await result<IDBDatabase>(opening);
  try {
    return await result<T>(work(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function result<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
}
