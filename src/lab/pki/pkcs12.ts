import { createCipheriv, type KeyObject, pbkdf2Sync } from 'node:crypto';
import { hmacSha256, randomBytes, sha256 } from '../../kernel/index.ts';
import { der } from '../../signing/index.ts';

const OIDS = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacSha256: '1.2.840.113549.2.9',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;

/** As OpenSSL 3 does by default: enough for a demonstration, quick to open. */
const ITERATIONS = 2_048;

export interface Pkcs12Input {
  key: KeyObject;
  /** DER, the key's own first, then its authorities'. */
  certificates: readonly Buffer[];
  friendlyName: string;
  password: string;
}

/** A PKCS #12 file (RFC 7292) with PBES2 (AES-256-CBC, PBKDF2 with SHA-256) and a SHA-256 MAC: a key in a file, for the demo only. */
export function pkcs12(input: Pkcs12Input): Buffer {
  const keyId = sha256(input.certificates[0] as Buffer);
  const attributes = der.setOf(
    attribute(OIDS.friendlyName, bmpString(input.friendlyName)),
    attribute(OIDS.localKeyId, der.octetString(keyId)),
  );
  const certificates = input.certificates.map((one, i) => certBag(one, i === 0 ? attributes : null));
  const safe = der.sequence(
    encryptedContent(der.sequence(...certificates), input.password),
    plainContent(der.sequence(keyBag(input, attributes))),
  );
  return der.sequence(der.integer(3), plainContent(safe), macData(safe, input.password));
}

function certBag(certificate: Buffer, attributes: Buffer | null): Buffer {
  const bag = der.sequence(der.oid(OIDS.x509Certificate), der.explicit(0, der.octetString(certificate)));
  return der.sequence(der.oid(OIDS.certBag), der.explicit(0, bag), ...(attributes ? [attributes] : []));
}

function keyBag({ key, password }: Pkcs12Input, attributes: Buffer): Buffer {
  const { algorithm, sealed } = encrypt(key.export({ type: 'pkcs8', format: 'der' }), password);
  const shrouded = der.sequence(algorithm, der.octetString(sealed));
  return der.sequence(der.oid(OIDS.shroudedKeyBag), der.explicit(0, shrouded), attributes);
}

function plainContent(bytes: Buffer): Buffer {
  return der.sequence(der.oid(OIDS.data), der.explicit(0, der.octetString(bytes)));
}

function encryptedContent(bytes: Buffer, password: string): Buffer {
  const { algorithm, sealed } = encrypt(bytes, password);
  const content = der.sequence(der.oid(OIDS.data), algorithm, der.implicit(0, der.octetString(sealed)));
  const data = der.sequence(der.integer(0), content);
  return der.sequence(der.oid(OIDS.encryptedData), der.explicit(0, data));
}

/** PBES2 (RFC 8018 §6.2) with its AlgorithmIdentifier. */
function encrypt(bytes: Buffer, password: string): { algorithm: Buffer; sealed: Buffer } {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const key = pbkdf2Sync(Buffer.from(password, 'utf8'), salt, ITERATIONS, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  const kdf = der.sequence(
    der.oid(OIDS.pbkdf2),
    der.sequence(
      der.octetString(salt),
      der.integer(ITERATIONS),
      der.sequence(der.oid(OIDS.hmacSha256), der.derNull),
    ),
  );
  const scheme = der.sequence(der.oid(OIDS.aes256Cbc), der.octetString(iv));
  return { algorithm: der.sequence(der.oid(OIDS.pbes2), der.sequence(kdf, scheme)), sealed };
}

function macData(safe: Buffer, password: string): Buffer {
  const salt = randomBytes(16);
  const mac = hmacSha256(macKey(password, salt), safe);
  const digest = der.sequence(der.sequence(der.oid(OIDS.sha256), der.derNull), der.octetString(mac));
  return der.sequence(digest, der.octetString(salt), der.integer(ITERATIONS));
}

const BLOCK = 64;
/** Purpose of the derived bytes: an integrity key (RFC 7292 Appendix B.3). */
const MAC_PURPOSE = 3;

/** RFC 7292 Appendix B.2 for one block of SHA-256: the 32 bytes that the MAC needs are the first round's. */
function macKey(password: string, salt: Buffer): Buffer {
  const fill = (bytes: Buffer) =>
    Buffer.alloc(Math.ceil(bytes.length / BLOCK) * BLOCK, bytes.length === 0 ? 0 : bytes);
  const written = Buffer.concat([Buffer.from(password, 'utf16le').swap16(), Buffer.alloc(2)]);
  let key = sha256(Buffer.concat([Buffer.alloc(BLOCK, MAC_PURPOSE), fill(salt), fill(written)]));
  for (let round = 1; round < ITERATIONS; round++) key = sha256(key);
  return key;
}

function attribute(type: string, value: Buffer): Buffer {
  return der.sequence(der.oid(type), der.setOf(value));
}

/** BMPString (X.680): two octets a character. */
function bmpString(text: string): Buffer {
  return der.tlv(0x1e, Buffer.from(text, 'utf16le').swap16());
}
