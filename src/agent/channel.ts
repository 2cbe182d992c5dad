import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { sha256 } from '../kernel/index.ts';
import { refusal } from './errors.ts';

/** What both sides have said before they speak in secret. */
export interface Handshake {
  /** The page, as the browser says. */
  origin: string;
  /** X25519 public keys, 32 octets, and nonces of 32 octets. */
  pageKey: Buffer;
  pageNonce: Buffer;
  agentKey: Buffer;
  agentNonce: Buffer;
}

/** SubjectPublicKeyInfo of X25519 before the key (RFC 8410 §4). */
const SPKI = Buffer.from('302a300506032b656e032100', 'hex');

export function transcriptOf(shake: Handshake): Buffer {
  const { origin, pageKey, pageNonce, agentKey, agentNonce } = shake;
  return sha256(Buffer.concat([sha256(`truc-agent/1 ${origin}`), pageKey, pageNonce, agentKey, agentNonce]));
}

/** Six digits that the official reads on the page and types into the agent. */
export function pairingCode(shake: Handshake): string {
  return String(transcriptOf(shake).readUInt32BE() % 1_000_000).padStart(6, '0');
}

/** Encrypted messages in both directions, each with a counter, so that none is repeated, left out or reordered. */
export class Channel {
  private readonly incoming: Buffer;
  private readonly outgoing: Buffer;
  private received = 0;
  private sent = 0;

  constructor(own: KeyObject, shake: Handshake) {
    const key = Buffer.concat([SPKI, shake.pageKey]);
    const publicKey = createPublicKey({ key, format: 'der', type: 'spki' });
    const secret = diffieHellman({ privateKey: own, publicKey });
    const salt = transcriptOf(shake);
    const derive = (info: string) => Buffer.from(hkdfSync('sha256', secret, salt, info, 32));
    this.incoming = derive('page to agent');
    this.outgoing = derive('agent to page');
  }

  seal(message: object): string {
    const cipher = createCipheriv('aes-256-gcm', this.outgoing, counter(this.sent++));
    const sealed = Buffer.concat([
      cipher.update(JSON.stringify(message), 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return JSON.stringify({ sealed: sealed.toString('base64') });
  }

  /** @throws TrucError `E_PAIRING` for what the other side did not write, or not as the next message */
  open(text: string): Record<string, unknown> {
    try {
      const { sealed } = JSON.parse(text) as { sealed: string };
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', this.incoming, counter(this.received++));
      decipher.setAuthTag(bytes.subarray(-16));
      const plain = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]);
      return JSON.parse(plain.toString('utf8')) as Record<string, unknown>;
    } catch {
      throw refusal('E_PAIRING');
    }
  }
}

function counter(n: number): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(n, 8);
  return iv;
}
