import { X509Certificate } from 'node:crypto';
import { sha256Hex } from '../kernel/index.ts';
import { refusal } from './errors.ts';
import { CKA, CKM, CKO, type Pkcs11, type TokenState, USER } from './pkcs11.ts';

/** A certificate in a token whose key is there too, as far as can be told without the PIN. */
export interface TokenCredential {
  /** SHA-256 of the certificate. */
  id: string;
  certificate: Buffer;
  /** Certificates of authorities that lie beside it. */
  chain: Buffer[];
  slot: bigint;
  /** CKA_ID that certificate and key share. */
  keyId: Buffer;
}

/** DigestInfo of SHA-256 without the digest (RFC 8017 §9.2). */
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

export function credentialsIn(module: Pkcs11): TokenCredential[] {
  return module.slots().flatMap((slot) => {
    if (!module.token(slot)) return [];
    const all = module.inSession(slot, (session) => {
      const wanted = [[CKA.class, module.ulong(CKO.certificate)]] as const;
      return module.find(session, wanted).flatMap((object) => {
        const der = module.attribute(session, object, CKA.value);
        const keyId = module.attribute(session, object, CKA.id);
        return der && isCertificate(der) ? [{ der, keyId: keyId ?? Buffer.alloc(0) }] : [];
      });
    });
    const chain = all.filter(({ der }) => new X509Certificate(der).ca).map(({ der }) => der);
    return all
      .filter(({ der, keyId }) => keyId.length > 0 && !new X509Certificate(der).ca)
      .map(({ der, keyId }) => ({ id: sha256Hex(der), certificate: der, chain, slot, keyId }));
  });
}

function isCertificate(der: Buffer): boolean {
  try {
    return new X509Certificate(der).raw.equals(der);
  } catch {
    return false;
  }
}

export function stateOf(module: Pkcs11, { slot }: TokenCredential): TokenState {
  const state = module.token(slot);
  if (!state) throw refusal('E_NO_TOKEN');
  return state;
}

/**
 * Signs digests with one login: RSA as PKCS #1 v1.5, EC as r ‖ s.
 * @throws TrucError `E_PIN_WRONG`, `E_PIN_LOCKED`, `E_NO_TOKEN` (no such key), `E_AGENT_KEY`, `E_AGENT_REFUSED`
 */
export function signDigests(
  module: Pkcs11,
  { slot, keyId, certificate }: TokenCredential,
  digests: readonly Uint8Array[],
  pin: string,
): Buffer[] {
  const kind = new X509Certificate(certificate).publicKey.asymmetricKeyType;
  if (kind !== 'rsa' && kind !== 'ec') throw refusal('E_AGENT_KEY');
  return module.inSession(slot, (session) => {
    module.login(session, pin);
    try {
      const wanted = [
        [CKA.class, module.ulong(CKO.privateKey)],
        [CKA.id, keyId],
      ] as const;
      const [key] = module.find(session, wanted);
      if (key === undefined) throw refusal('E_NO_TOKEN');
      const always = module.attribute(session, key, CKA.alwaysAuthenticate)?.[0] === 1;
      const again = () => always && module.login(session, pin, USER.context);
      return digests.map((digest) =>
        kind === 'rsa'
          ? module.sign(session, key, CKM.rsaPkcs, Buffer.concat([DIGEST_INFO, digest]), again)
          : module.sign(session, key, CKM.ecdsa, digest, again),
      );
    } finally {
      module.logout(session);
    }
  });
}
