import { type Bytes, fromBase64, toBase64 } from '../../checks/bytes.ts';
import { SignerError } from '../../errors.ts';
import { keyAlgorithmOf, readCertificate, signedBy } from '../certificate.ts';
import { loopbackObstacle, loopbackPermission } from '../loopback.ts';
import type { Availability, Credential, Signatures, SignProvider, SignRequest } from '../provider.ts';
import { Channel } from './channel.ts';
import { Line } from './line.ts';

/** `truc agent` on this machine: keys in tokens by PKCS #11, its own check of the documents, its own confirmation and PIN. */
export class LocalProvider implements SignProvider {
  readonly id = 'local';
  readonly kind = 'digest';
  private readonly url: string;
  private readonly pairing: (code: string | null) => void;
  private line: Line | null = null;
  private channel: Channel | null = null;

  constructor(url: string, pairing: (code: string | null) => void) {
    this.url = url;
    this.pairing = pairing;
  }

  async probe(signal: AbortSignal): Promise<Availability> {
    const obstacle = loopbackObstacle(await loopbackPermission());
    if (obstacle) return { state: obstacle };
    this.line = new Line(this.url, signal);
    this.channel = await Channel.open(this.line, location.origin, this.pairing);
    return { state: 'ready' };
  }

  async listCredentials(): Promise<Credential[]> {
    const { credentials } = await this.open().ask({ verb: 'list' }, 'credentials', false);
    if (!Array.isArray(credentials)) throw new SignerError('E_AGENT_REPLY');
    return credentials.flatMap((one) => credentialOf(one));
  }

  async sign({ items, credential, display }: SignRequest): Promise<Signatures> {
    const { signer, capacity, origin } = display;
    const message = {
      verb: 'sign',
      credentialId: credential.id,
      display: { signer, capacity, origin },
      items: items.map(({ title, sha256, size, byteRange, tbs, preparedUrl }) => ({
        ...{ title, sha256, size, byteRange, preparedUrl },
        toBeSigned: toBase64(tbs),
      })),
    };
    const { values } = await this.open().ask(message, 'signed', true);
    if (!Array.isArray(values)) throw new SignerError('E_AGENT_REPLY');
    const made = values.map((one) => octets(one));
    for (const [i, { tbs }] of items.entries())
      if ((await signedBy(credential.certificate, made[i] ?? new Uint8Array(), tbs)) !== true)
        throw new SignerError('E_SIGNATURE');
    const isEc = keyAlgorithmOf(credential.certificate)?.name === 'ECDSA';
    return { values: made, encoding: isEc ? 'ieee-p1363' : 'der' };
  }

  dispose(): void {
    this.line?.close();
    this.line = null;
    this.channel = null;
  }

  private open(): Channel {
    if (!this.channel) throw new SignerError('E_AGENT_ABSENT');
    return this.channel;
  }
}

function credentialOf(one: { id?: unknown; certificate?: unknown; chain?: unknown }): Credential[] {
  const certificate = octets(one.certificate);
  const facts = readCertificate(certificate);
  if (!facts) return [];
  const chain = Array.isArray(one.chain) ? one.chain.map(octets) : [];
  const { holder, validTo } = facts;
  return [{ id: String(one.id), certificate, chain, keyProtection: 'hardware', holder, validTo }];
}

function octets(base64: unknown): Bytes {
  try {
    return fromBase64(String(base64));
  } catch {
    throw new SignerError('E_AGENT_REPLY');
  }
}
