import { type Bytes, equal, toBase64 } from '../../checks/bytes.ts';
import { SignerError } from '../../errors.ts';
import { callAgent } from '../agent-socket.ts';
import { isRsa, readCertificate, signedBy } from '../certificate.ts';
import { loopbackObstacle, loopbackPermission } from '../loopback.ts';
import type {
  Availability,
  Credential,
  FileRequest,
  Signatures,
  SignProvider,
  SignRequest,
} from '../provider.ts';
import { bytesIn, certificateIn, parseReply, type Reply } from './reply.ts';

const CONNECT_MS = 3_000;
const MACHINE_MS = 3_000;
/** The token's owner reads, finds the token and types a PIN. */
const PERSON_MS = 300_000;
/** The agent's functions that sign a PDF file, by act. */
const FILE_FUNCTIONS: Readonly<Record<string, string>> = {
  approve: 'SignApproved',
  seal: 'SignIssued',
  appendix: 'SignAppendix',
  copy: 'SignCopy',
};

/**
 * The signing agent of Ban Cơ yếu Chính phủ (VGCA Sign Service), in its digest mode, or signing the file in its own window: one WebSocket a call, the function in the path,
 * one text there and one back. Written from public copies of its page script and tried against src/lab/vgca-agent.ts alone.
 */
export class VgcaProvider implements SignProvider {
  readonly id = 'vgca';
  readonly kind: 'digest' | 'file';
  private readonly url: string;
  /** The certificate that the token really signed with, where it was another one than it had told. */
  private signedWith: Bytes | null = null;

  /** @param inItsWindow whether the agent signs the file in a window of its own */
  constructor(url: string, inItsWindow = false) {
    this.kind = inItsWindow ? 'file' : 'digest';
    this.url = url.replace(/\/$/, '');
  }

  async probe(signal: AbortSignal): Promise<Availability> {
    const obstacle = loopbackObstacle(await loopbackPermission());
    if (obstacle) return { state: obstacle };
    const { Version } = await this.call('GetVersion', '', signal, MACHINE_MS);
    return { state: 'ready', version: typeof Version === 'string' ? Version.slice(0, 40) : '' };
  }

  async listCredentials({ signal }: { signal: AbortSignal }): Promise<Credential[]> {
    // The token may have to be chosen and unlocked first, by a person.
    const reply = this.signedWith ? null : await this.call('GetCertInfo', 'certinfo', signal, PERSON_MS);
    const certificate = this.signedWith ?? certificateIn(reply);
    const facts = certificate && readCertificate(certificate);
    if (!certificate || !facts) throw new SignerError('E_NO_TOKEN');
    if (!isRsa(certificate)) throw new SignerError('E_AGENT_KEY');
    const { holder, validTo } = facts;
    return [{ id: 'vgca', certificate, chain: [], keyProtection: 'hardware', holder, validTo }];
  }

  async sign({ items, credential, signal }: SignRequest): Promise<Signatures> {
    const values: Bytes[] = [];
    for (const { digest, tbs } of items) {
      const message = JSON.stringify({ HashAlg: 'SHA256', HashValue: toBase64(digest), Encode: 'RSA' });
      const reply = await this.call('SignMsg', message, signal, PERSON_MS);
      const value = bytesIn(reply, 'Signature');
      const used = certificateIn(reply.CertBase64) ?? credential.certificate;
      if (!equal(used, credential.certificate)) {
        this.signedWith = used;
        throw new SignerError('E_OTHER_KEY');
      }
      if ((await signedBy(credential.certificate, value, tbs)) === false)
        throw new SignerError('E_SIGNATURE');
      values.push(value);
    }
    return { values, encoding: 'der' };
  }

  async signFile({ downloadUrl, uploadUrl, action, signal }: FileRequest): Promise<void> {
    const message = {
      FileUploadHandler: uploadUrl,
      SessionId: '',
      JWTToken: '',
      FileName: downloadUrl,
      MetaData: [],
    };
    await this.call(FILE_FUNCTIONS[action] ?? 'SignApproved', JSON.stringify(message), signal, PERSON_MS);
  }

  dispose(): void {}

  private async call(path: string, message: string, signal: AbortSignal, answerMs: number): Promise<Reply> {
    const url = `${this.url}/${path}`;
    return parseReply(await callAgent({ url, message, signal, connectMs: CONNECT_MS, answerMs }));
  }
}
