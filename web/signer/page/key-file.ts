import {
  AuthenticatedSafe,
  type CertBag,
  Certificate,
  PFX,
  type PKCS8ShroudedKeyBag,
  type SafeBag,
} from 'pkijs';
import type { Credential, SignatureValue } from './api.ts';
import { type Bytes, toBase64 } from './checks/bytes.ts';
import { SignerError } from './errors.ts';

/** A certificate from a PKCS #12 file (RFC 7292); its key stays encrypted until `sign` is called. */
export interface KeyFile extends Credential {
  /** Common name of the subject. */
  holder: string;
  /** Decrypts the key, imports it so that nobody can read it back, and signs once. */
  sign(toBeSigned: Bytes): Promise<SignatureValue>;
}

const BAG = { key: '1.2.840.113549.1.12.10.1.2', certificate: '1.2.840.113549.1.12.10.1.3' };
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';
const RSA = '1.2.840.113549.1.1.1';
const CURVES: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
};
/** Key derivation of the MAC runs in script: beyond this a page would stand still. */
const MOST_ITERATIONS = 1_000_000;
const LARGEST_FILE = 1024 * 1024;

/**
 * Opens the file and reads its certificates; the key is not decrypted.
 * @throws SignerError `E_KEY_FILE` (no such file), `E_KEY_FILE_LEGACY` (3DES, RC2), `E_PIN_WRONG`
 */
export async function openKeyFile(bytes: Bytes, password: string): Promise<KeyFile> {
  const pfx = parse(bytes);
  const secret = new TextEncoder().encode(password).buffer;
  // Without a MAC a wrong password and a damaged file look alike.
  if (!pfx.macData || (pfx.macData.iterations ?? 1) > MOST_ITERATIONS) throw new SignerError('E_KEY_FILE');
  await pfx.parseInternalValues({ password: secret, checkIntegrity: true }).catch(() => {
    throw new SignerError('E_PIN_WRONG');
  });
  const bags = await bagsOf(pfx, secret);
  const key = bags.find((one) => one.bagId === BAG.key);
  const certificates = bags.filter((one) => one.bagId === BAG.certificate);
  const own = key && ownCertificate(key, certificates);
  if (!key || !own) throw new SignerError('E_KEY_FILE');
  const certificate = certificateIn(own);
  return {
    certificate: derOf(certificate),
    chain: certificates.filter((one) => one !== own).map((one) => derOf(certificateIn(one))),
    keyProtection: 'software',
    holder: holderOf(certificate),
    sign: (toBeSigned) => signOnce(key.bagValue as PKCS8ShroudedKeyBag, certificate, secret, toBeSigned),
  };
}

function parse(bytes: Bytes): PFX {
  if (bytes.length > LARGEST_FILE) throw new SignerError('E_KEY_FILE');
  try {
    return PFX.fromBER(bytes);
  } catch {
    throw new SignerError('E_KEY_FILE');
  }
}

/** The MAC was right, so what fails here is the cipher: WebCrypto has none of the old ones. */
async function bagsOf(pfx: PFX, password: ArrayBuffer): Promise<SafeBag[]> {
  const safe = pfx.parsedValue?.authenticatedSafe;
  if (!(safe instanceof AuthenticatedSafe)) throw new SignerError('E_KEY_FILE');
  const safeContents = safe.safeContents.map(({ contentType }) =>
    contentType === '1.2.840.113549.1.7.6' ? { password } : {},
  );
  await safe.parseInternalValues({ safeContents }).catch(() => {
    throw new SignerError('E_KEY_FILE_LEGACY');
  });
  const contents = (safe.parsedValue?.safeContents ?? []) as { value: { safeBags: SafeBag[] } }[];
  return contents.flatMap((one) => one.value.safeBags);
}

/** The certificate that names the key's id, else the first that is no authority's. */
function ownCertificate(key: SafeBag, certificates: readonly SafeBag[]): SafeBag | undefined {
  const id = keyIdOf(key);
  const named = certificates.find((one) => id !== null && keyIdOf(one) === id);
  return named ?? certificates.find((one) => !isAuthority(certificateIn(one)));
}

function keyIdOf(bag: SafeBag): string | null {
  const [value] = bag.bagAttributes?.find(({ type }) => type === LOCAL_KEY_ID)?.values ?? [];
  return value ? toBase64(new Uint8Array(value.valueBlock.valueHexView)) : null;
}

function certificateIn(bag: SafeBag): Certificate {
  const { parsedValue, certValue } = bag.bagValue as CertBag;
  if (parsedValue instanceof Certificate) return parsedValue;
  return Certificate.fromBER((certValue as { valueBlock: { valueHexView: Bytes } }).valueBlock.valueHexView);
}

function derOf(certificate: Certificate): Bytes {
  return new Uint8Array(certificate.toSchema(false).toBER(false));
}

function isAuthority(certificate: Certificate): boolean {
  const found = certificate.extensions?.find(({ extnID }) => extnID === BASIC_CONSTRAINTS);
  return (found?.parsedValue as { cA?: boolean } | undefined)?.cA === true;
}

function holderOf({ subject }: Certificate): string {
  const name = subject.typesAndValues.find(({ type }) => String(type) === COMMON_NAME);
  return name ? String(name.value.valueBlock.value) : '';
}

async function signOnce(
  bag: PKCS8ShroudedKeyBag,
  certificate: Certificate,
  password: ArrayBuffer,
  toBeSigned: Bytes,
): Promise<SignatureValue> {
  const algorithm = algorithmOf(certificate);
  // pkijs keeps what it decrypted in the object: forgotten at once.
  await (bag as unknown as { parseInternalValues(o: object): Promise<void> })
    .parseInternalValues({ password })
    .catch(() => {
      throw new SignerError('E_KEY_FILE_LEGACY');
    });
  const pkcs8 = bag.parsedValue?.toSchema().toBER(false) as ArrayBuffer;
  delete bag.parsedValue;
  try {
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
    const value = await crypto.subtle.sign(algorithm, key, toBeSigned);
    return { bytes: new Uint8Array(value), encoding: algorithm.name === 'ECDSA' ? 'ieee-p1363' : 'der' };
  } finally {
    new Uint8Array(pkcs8).fill(0);
  }
}

function algorithmOf({ subjectPublicKeyInfo }: Certificate): {
  name: string;
  hash: string;
  namedCurve?: string;
} {
  const { algorithmId, algorithmParams } = subjectPublicKeyInfo.algorithm;
  if (algorithmId === RSA) return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const namedCurve = CURVES[String(algorithmParams?.valueBlock)];
  if (!namedCurve) throw new SignerError('E_CERT');
  return { name: 'ECDSA', hash: 'SHA-256', namedCurve };
}
