import type { SigningApi } from '../../api.ts';
import { type Bytes, fromBase64 } from '../../checks/bytes.ts';
import { SignerError } from '../../errors.ts';
import { keyAlgorithmOf, readCertificate, signedBy } from '../certificate.ts';
import type { Availability, Credential, Signatures, SignProvider, SignRequest } from '../provider.ts';
import { type Visit, visit } from './visit.ts';

/** A remote signing service (CSC API v2) behind the axis: one visit to see the certificates, one to allow these hashes and no others. */
export class CscProvider implements SignProvider {
  readonly id = 'csc';
  readonly kind = 'digest';
  private readonly api: SigningApi;
  private readonly show: (visit: Visit | null) => void;

  constructor(api: SigningApi, show: (visit: Visit | null) => void) {
    this.api = api;
    this.show = show;
  }

  probe(): Promise<Availability> {
    return Promise.resolve({ state: 'ready' });
  }

  async listCredentials({ signal }: { signal: AbortSignal }): Promise<Credential[]> {
    const result = await visit(
      async (query) => String((await this.api.remote('visit', query)).url),
      this.show,
      signal,
    );
    const { credentials } = await this.api.remote('credentials', { ...result });
    if (!Array.isArray(credentials)) throw new SignerError('E_REMOTE');
    return credentials.flatMap(credentialOf);
  }

  async sign({ credential, items, signal }: SignRequest): Promise<Signatures> {
    const prepareIds = items.map(({ prepareId }) => prepareId);
    const what = { credentialId: credential.id, prepareIds };
    const urlOf = async (query: object) =>
      String((await this.api.remote('visit', { ...query, ...what })).url);
    const result = await visit(urlOf, this.show, signal);
    const { values } = await this.api.remote('sign', { ...result, ...what });
    if (!Array.isArray(values) || values.length !== items.length) throw new SignerError('E_REMOTE');
    const made = values.map(octets);
    const isEc = keyAlgorithmOf(credential.certificate)?.name === 'ECDSA';
    for (const [i, { tbs }] of items.entries())
      if (!isEc && (await signedBy(credential.certificate, made[i] as Bytes, tbs)) !== true)
        throw new SignerError('E_SIGNATURE');
    return { values: made, encoding: 'der' };
  }

  dispose(): void {}
}

function credentialOf(one: { id?: unknown; chain?: unknown }): Credential[] {
  const [certificate, ...chain] = Array.isArray(one.chain) ? one.chain.map(octets) : [];
  const facts = certificate && readCertificate(certificate);
  if (!certificate || !facts) return [];
  const { holder, validTo } = facts;
  return [{ id: String(one.id), certificate, chain, keyProtection: 'remote', holder, validTo }];
}

function octets(base64: unknown): Bytes {
  try {
    return fromBase64(String(base64));
  } catch {
    throw new SignerError('E_REMOTE');
  }
}
