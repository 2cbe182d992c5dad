import { type Bytes, equal, fromBase64, sha256, toBase64 } from '../../checks/bytes.ts';
import { sixDigits } from '../../checks/checks.ts';
import { ERROR_CODES, type ErrorCode, SignerError } from '../../errors.ts';
import type { Line } from './line.ts';
import { forgetPageKey, keepPageKey, pageKeyFor } from './pairing.ts';

const MACHINE_MS = 3_000;
const PERSON_MS = 300_000;
/** Of src/agent; an older one says less. */
const VERSION = '1';

/** An encrypted conversation with a paired agent (docs/spec/local-agent.md). */
export class Channel {
  private readonly line: Line;
  private readonly incoming: CryptoKey;
  private readonly outgoing: CryptoKey;
  private received = 0;
  private sent = 0;

  /**
   * Says hello and pairs where that was not done before.
   * @param origin of this page, as the agent hears it from the browser
   * @param pairing is shown the code that the official types into the agent; null once that is done
   * @throws SignerError `E_AGENT_OUTDATED`, `E_AGENT_REPLY`, `E_PAIRING`, and what the line fails with
   */
  static async open(line: Line, origin: string, pairing: (code: string | null) => void): Promise<Channel> {
    const hello = parsed(await line.next(MACHINE_MS));
    if (hello.verb !== 'hello' || hello.version !== VERSION) throw new SignerError('E_AGENT_OUTDATED');
    const agent = String(hello.publicKey);
    const agentKey = octets(agent);
    const key = await pageKeyFor(agent);
    const nonce = crypto.getRandomValues(new Uint8Array(32));
    line.send(JSON.stringify({ publicKey: toBase64(key.publicKey), nonce: toBase64(nonce) }));
    const answer = failing(parsed(await line.next(MACHINE_MS)));
    const agentNonce = octets(String(answer.nonce));
    if (!equal(await sha256(agentNonce), octets(String(hello.commit)))) throw new SignerError('E_PAIRING');
    const page = await sha256(new TextEncoder().encode(`truc-agent/1 ${origin}`));
    const transcript = await sha256(page, key.publicKey, nonce, agentKey, agentNonce);
    const channel = new Channel(line, await keysOf(key.pair, agentKey, transcript));
    // Who claims to know a key that was made a moment ago is not the agent.
    if (answer.verb === 'known' && !key.isKept) throw new SignerError('E_PAIRING');
    if (answer.verb === 'pair') {
      await forgetPageKey(agent);
      pairing(sixDigits(transcript));
    }
    await channel.hear(PERSON_MS, 'paired');
    if (answer.verb === 'pair') await keepPageKey(agent, key);
    pairing(null);
    return channel;
  }

  private constructor(line: Line, { incoming, outgoing }: Keys) {
    this.line = line;
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  /** @param isForPerson whether somebody has to read and type before the answer comes */
  async ask(message: object, verb: string, isForPerson: boolean): Promise<Record<string, unknown>> {
    const plain = new TextEncoder().encode(JSON.stringify(message));
    const algorithm = { name: 'AES-GCM', iv: counter(this.sent++) };
    const sealed = await crypto.subtle.encrypt(algorithm, this.outgoing, plain);
    this.line.send(JSON.stringify({ sealed: toBase64(new Uint8Array(sealed)) }));
    return this.hear(isForPerson ? PERSON_MS : MACHINE_MS, verb);
  }

  private async hear(milliseconds: number, verb: string): Promise<Record<string, unknown>> {
    const { sealed } = parsed(await this.line.next(milliseconds));
    const algorithm = { name: 'AES-GCM', iv: counter(this.received++) };
    const plain = await crypto.subtle.decrypt(algorithm, this.incoming, octets(String(sealed))).catch(() => {
      throw new SignerError('E_PAIRING');
    });
    const message = failing(parsed(new TextDecoder().decode(plain)));
    if (message.verb !== verb) throw new SignerError('E_AGENT_REPLY');
    return message;
  }
}

interface Keys {
  incoming: CryptoKey;
  outgoing: CryptoKey;
}

async function keysOf(pair: CryptoKeyPair, agentKey: Bytes, salt: Bytes): Promise<Keys> {
  const { subtle } = crypto;
  try {
    const other = await subtle.importKey('raw', agentKey, { name: 'X25519' }, false, []);
    const shared = await subtle.deriveBits({ name: 'X25519', public: other }, pair.privateKey, 256);
    const secret = await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
    const derive = (text: string, use: KeyUsage) => {
      const info = new TextEncoder().encode(text);
      const how = { name: 'HKDF', hash: 'SHA-256', salt, info };
      return subtle.deriveKey(how, secret, { name: 'AES-GCM', length: 256 }, false, [use]);
    };
    return {
      outgoing: await derive('page to agent', 'encrypt'),
      incoming: await derive('agent to page', 'decrypt'),
    };
  } catch {
    throw new SignerError('E_PAIRING');
  }
}

function counter(n: number): Bytes {
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setUint32(8, n);
  return iv;
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {}
  throw new SignerError('E_AGENT_REPLY');
}

function octets(base64: string): Bytes {
  try {
    return fromBase64(base64);
  } catch {
    throw new SignerError('E_AGENT_REPLY');
  }
}

/** @throws SignerError what the agent refuses with */
function failing(message: Record<string, unknown>): Record<string, unknown> {
  if (message.verb !== 'failed') return message;
  const known = ERROR_CODES.find((one) => one === message.code);
  const code: ErrorCode = known ?? 'E_AGENT_REFUSED';
  throw new SignerError(code, message.detail ? String(message.detail).slice(0, 300) : null);
}
