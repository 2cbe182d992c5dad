import { type CertBag, Certificate, type PKCS8ShroudedKeyBag, type SafeBag } from 'pkijs';
import { type Bytes, toBase64 } from '../checks/bytes.ts';
import { SignerError } from '../errors.ts';
import { type KeyAlgorithmName, keyAlgorithmOf, readCertificate } from '../providers/certificate.ts';
import { octets, type Rounds } from './encryption.ts';
import { openPkcs12 } from './pkcs12.ts';

const BAG = { key: '1.2.840.113549.1.12.10.1.2', certificate: '1.2.840.113549.1.12.10.1.3' };
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';

export interface KeyInFile {
  certificates: { certificate: Bytes; chain: Bytes[] };
  /** Decrypts the key and imports it so that nobody can read it back. */
  unlock(): Promise<{ key: CryptoKey; algorithm: KeyAlgorithmName }>;
}

/** The file's key with its certificates; the key is not decrypted. @throws SignerError of `openPkcs12` */
export async function keyIn(bytes: Bytes, password: string, rounds: Rounds): Promise<KeyInFile> {
  const { bags, decryptKey } = await openPkcs12(bytes, password, rounds);
  const bag = bags.find(({ bagId }) => bagId === BAG.key);
  const all = bags.flatMap((one) => {
    const certificate = one.bagId === BAG.certificate ? certificateIn(one) : null;
    return certificate ? [{ certificate, keyId: keyIdOf(one) }] : [];
  });
  const keyId = bag && keyIdOf(bag);
  // The certificate that names the key's id, else the first that is no authority's.
  const own =
    all.find((one) => keyId !== null && one.keyId === keyId) ??
    all.find(({ certificate }) => readCertificate(certificate)?.isAuthority === false);
  if (!bag || !own) throw new SignerError('E_KEY_FILE');
  const chain = all.filter((one) => one !== own).map(({ certificate }) => certificate);
  return {
    certificates: { certificate: own.certificate, chain },
    unlock: async () => {
      const algorithm = keyAlgorithmOf(own.certificate);
      if (!algorithm) throw new SignerError('E_CERT');
      const pkcs8 = await decryptKey(bag.bagValue as PKCS8ShroudedKeyBag);
      try {
        const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
        return { key, algorithm };
      } catch {
        throw new SignerError('E_KEY_FILE');
      } finally {
        pkcs8.fill(0);
      }
    },
  };
}

function keyIdOf(bag: SafeBag): string | null {
  const [value] = bag.bagAttributes?.find(({ type }) => type === LOCAL_KEY_ID)?.values ?? [];
  return value ? toBase64(new Uint8Array(value.valueBlock.valueHexView)) : null;
}

function certificateIn(bag: SafeBag): Bytes | null {
  const { parsedValue, certValue } = bag.bagValue as CertBag;
  if (parsedValue instanceof Certificate) return new Uint8Array(parsedValue.toSchema(false).toBER(false));
  const der = certValue ? octets(certValue) : null;
  return der && readCertificate(der) && der;
}
