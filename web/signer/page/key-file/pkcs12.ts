import {
  AuthenticatedSafe,
  type ContentInfo,
  EncryptedData,
  PFX,
  type PKCS8ShroudedKeyBag,
  type SafeBag,
  SafeContents,
} from 'pkijs';
import { type Bytes, equal } from '../checks/bytes.ts';
import { SignerError } from '../errors.ts';
import { decryptWithPassword, octets, parsed, type Rounds } from './encryption.ts';
import { deriveKey, isHashOid, MOST_ITERATIONS, PURPOSE, webCryptoName } from './kdf.ts';

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const LARGEST_FILE = 1024 * 1024;

export interface Pkcs12 {
  bags: readonly SafeBag[];
  /** PKCS #8 of an encrypted key. @throws SignerError `E_KEY_FILE_LEGACY` for ciphers that nobody here knows */
  decryptKey(bag: PKCS8ShroudedKeyBag): Promise<Bytes>;
}

/**
 * Opens a PKCS #12 file (RFC 7292): the MAC first, then the certificates; keys stay encrypted.
 * @throws SignerError `E_KEY_FILE` (no such file, no MAC, too many rounds), `E_PIN_WRONG` (the MAC does not fit),
 * `E_KEY_FILE_LEGACY` (an unknown cipher)
 */
export async function openPkcs12(bytes: Bytes, password: string, rounds: Rounds): Promise<Pkcs12> {
  if (bytes.length > LARGEST_FILE) throw new SignerError('E_KEY_FILE');
  const pfx = parsed(() => PFX.fromBER(bytes));
  const content = parsed(() => octets(pfx.authSafe.content));
  await checkMac(pfx, content, password, rounds);
  const safe = parsed(() => AuthenticatedSafe.fromBER(content));
  const bags: SafeBag[] = [];
  for (const part of safe.safeContents) bags.push(...(await bagsOf(part, password, rounds)));
  return {
    bags,
    decryptKey: ({ encryptionAlgorithm, encryptedData }) =>
      decryptWithPassword(encryptionAlgorithm, octets(encryptedData), password, rounds),
  };
}

/** Without a MAC a wrong password and a damaged file look alike. */
async function checkMac(pfx: PFX, content: Bytes, password: string, rounds: Rounds): Promise<void> {
  const { macData } = pfx;
  const hash = macData?.mac.digestAlgorithm.algorithmId ?? '';
  const iterations = macData?.iterations ?? 1;
  if (!macData || !isHashOid(hash) || iterations > MOST_ITERATIONS) throw new SignerError('E_KEY_FILE');
  const told = octets(macData.mac.digest);
  const salt = octets(macData.macSalt);
  const wanted = { hash, purpose: PURPOSE.mac, password, salt, iterations, length: told.length };
  const secret = deriveKey(wanted, (done) => rounds(done, iterations));
  const algorithm = { name: 'HMAC', hash: webCryptoName(hash) };
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign']);
  const mac = new Uint8Array(await crypto.subtle.sign(algorithm, key, content));
  if (!equal(mac, told)) throw new SignerError('E_PIN_WRONG');
}

async function bagsOf(part: ContentInfo, password: string, rounds: Rounds): Promise<SafeBag[]> {
  if (part.contentType === DATA) return parsed(() => SafeContents.fromBER(octets(part.content)).safeBags);
  if (part.contentType !== ENCRYPTED_DATA) throw new SignerError('E_KEY_FILE');
  const info = parsed(() => new EncryptedData({ schema: part.content }).encryptedContentInfo);
  const bytes = new Uint8Array(parsed(() => info.getEncryptedContent()));
  const plain = await decryptWithPassword(info.contentEncryptionAlgorithm, bytes, password, rounds);
  return parsed(() => SafeContents.fromBER(plain).safeBags);
}
