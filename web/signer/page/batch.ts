import type { Outcome, PreparedDocument, SessionDocument, SigningApi } from './api.ts';
import { type Bytes, concat, hex, sha256 } from './checks/bytes.ts';
import { checkPrepared, sixDigits } from './checks/checks.ts';
import { SignerError } from './errors.ts';
import type { Item } from './facts.ts';
import type { Place } from './placing.ts';
import type { Credential, SignItem } from './providers/provider.ts';

/** More is not looked through by one person in one sitting. */
const MOST_DOCUMENTS = 50;
/** Everything lies in the page's memory. */
const MOST_BYTES = 100 * 1024 * 1024;

/** @throws SignerError `E_BATCH`, `E_FORMAT` (no PDF, or too much), `E_DOC_HASH` */
export async function fetchAll(documents: readonly SessionDocument[], api: SigningApi): Promise<Item[]> {
  if (documents.length === 0 || documents.length > MOST_DOCUMENTS) throw new SignerError('E_BATCH');
  const size = documents.reduce((sum, one) => sum + one.size, 0);
  if (size > MOST_BYTES || documents.some(({ format }) => format !== 'pdf'))
    throw new SignerError('E_FORMAT');
  const items: Item[] = [];
  for (const document of documents) {
    const bytes = await api.bytesOf(document);
    if (hex(await sha256(bytes)) !== document.sha256) throw new SignerError('E_DOC_HASH');
    const rest = { prepared: null, checked: null, box: null, signed: null, error: null };
    items.push({ document, bytes, isSeen: false, isWanted: documents.length === 1, ...rest });
  }
  return items;
}

/**
 * Has the wanted documents prepared and checks each. What the axis refuses is left out and says why; a preparation that fails a check
 * stops everything, since somebody lies.
 * @throws SignerError of `checkPrepared`, or the refusal where nothing is left
 */
export async function prepareAll(
  items: readonly Item[],
  credential: Credential,
  places: ReadonlyMap<string, Place>,
  api: SigningApi,
): Promise<void> {
  const outcomes = new Map(
    (await api.prepare(credential, places)).map((one) => [one.documentId, one.outcome]),
  );
  for (const item of items) {
    Object.assign(item, { prepared: null, checked: null, error: null });
    if (item.isWanted) await checkOne(item, credential, outcomes.get(item.document.documentId));
  }
  const wanted = items.filter(({ isWanted }) => isWanted);
  if (wanted.every(({ error }) => error)) throw wanted[0]?.error ?? new SignerError('E_BATCH');
}

async function checkOne(
  item: Item,
  credential: Credential,
  outcome: Outcome<PreparedDocument> | undefined,
): Promise<void> {
  if (!outcome) throw new SignerError('E_NETWORK');
  if ('error' in outcome) {
    item.error = outcome.error;
    return;
  }
  item.prepared = outcome.done;
  item.checked = await checkPrepared({
    shown: item.bytes,
    expectedSha256: item.document.sha256,
    prepared: outcome.done,
    certificate: credential.certificate,
  });
}

/** The code of one document is its own; that of several is made of the digests of all, in order (docs/spec/signing.md §3). */
export async function codeOf(items: readonly Item[]): Promise<string> {
  const [first, ...more] = items;
  if (more.length === 0) return first?.checked?.code ?? '';
  const digests = await Promise.all(items.map(({ checked }) => sha256(checked?.toBeSigned as Bytes)));
  return sixDigits(await sha256(concat(...digests)));
}

export function signItems(items: readonly Item[]): Promise<SignItem[]> {
  return Promise.all(
    items.map(async ({ document, prepared, checked }): Promise<SignItem> => {
      const tbs = checked?.toBeSigned as Bytes;
      const { documentId, title, sha256: version, size } = document;
      const { preparedUrl = null, byteRange, prepareId = '' } = prepared ?? {};
      return {
        ...{ tbs, digest: await sha256(tbs), hash: 'SHA-256' },
        ...{ documentId, prepareId, title, sha256: version, size, byteRange: byteRange ?? [], preparedUrl },
      };
    }),
  );
}
