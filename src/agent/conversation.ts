import { X509Certificate } from 'node:crypto';
import { equalBytes, isTrucError, randomBytes, sha256, sha256Hex } from '../kernel/index.ts';
import { Channel, type Handshake, pairingCode } from './channel.ts';
import { type OwnerDesk, printable } from './desk.ts';
import { refusal } from './errors.ts';
import type { AgentMemory } from './memory.ts';
import type { Pkcs11 } from './pkcs11.ts';
import { checkRequest, SignRequestSchema } from './sign-request.ts';
import { credentialsIn, signDigests, stateOf, type TokenCredential } from './token.ts';

export const AGENT_VERSION = '1';

export interface AgentParts {
  module: Pkcs11;
  memory: AgentMemory;
  desk: OwnerDesk;
  /** One request at a time has the owner's attention. */
  attention: { isTaken: boolean };
}

/** One page's connection: hello, pairing, then requests over the encrypted channel. Nothing it says can end the agent. */
export class Conversation {
  private readonly origin: string;
  private readonly parts: AgentParts;
  private readonly send: (text: string) => void;
  private readonly agentNonce = randomBytes(32);
  private readonly aborter = new AbortController();
  private channel: Channel | null = null;
  private isPaired = false;

  constructor(origin: string, parts: AgentParts, send: (text: string) => void) {
    this.origin = origin;
    this.parts = parts;
    this.send = send;
  }

  /** The agent binds itself to its nonce before it hears the page's, so that nobody between can choose the code. */
  greet(): void {
    const { publicKey } = this.parts.memory;
    const hello = {
      verb: 'hello',
      version: AGENT_VERSION,
      publicKey: publicKey.toString('base64'),
      commit: sha256(this.agentNonce).toString('base64'),
    };
    this.send(JSON.stringify(hello));
  }

  /** The page has gone. */
  end(): void {
    this.aborter.abort();
  }

  /** @throws nothing: what fails is an answer */
  async hear(text: string): Promise<void> {
    try {
      if (this.channel) await this.serve(this.channel.open(text), this.channel);
      else await this.shake(text);
    } catch (error) {
      const code = isTrucError(error) && error.code.startsWith('E_') ? error.code : 'E_AGENT_REFUSED';
      const detail = isTrucError(error) ? String(error.facts.detail ?? '') : '';
      this.parts.memory.audit('refused', { origin: this.origin, code, detail });
      if (code === 'E_AGENT_REFUSED' && !isTrucError(error)) this.parts.desk.say(`! ${String(error)}`);
      const answer = { verb: 'failed', code, detail };
      this.send(this.channel ? this.channel.seal(answer) : JSON.stringify(answer));
    }
  }

  private async shake(text: string): Promise<void> {
    const { memory } = this.parts;
    const { publicKey, nonce } = JSON.parse(text) as { publicKey?: unknown; nonce?: unknown };
    const pageKey = Buffer.from(String(publicKey), 'base64');
    const pageNonce = Buffer.from(String(nonce), 'base64');
    if (pageKey.length !== 32 || pageNonce.length !== 32) throw refusal('E_PAIRING');
    const { agentNonce, origin } = this;
    const shake: Handshake = { origin, pageKey, pageNonce, agentKey: memory.publicKey, agentNonce };
    const channel = new Channel(memory.key, shake);
    const known = memory.isPaired(origin, pageKey);
    const verb = known ? 'known' : 'pair';
    this.send(JSON.stringify({ verb, nonce: agentNonce.toString('base64') }));
    this.channel = channel;
    if (!known) await this.pair(shake);
    this.isPaired = true;
    this.send(channel.seal({ verb: 'paired' }));
  }

  private async pair(shake: Handshake): Promise<void> {
    const { desk, memory } = this.parts;
    const typed = await this.withAttention(() => {
      desk.say(`\nTrang ${this.origin} xin ghép nối · asks to be paired.`);
      const question = 'Mã ghép nối hiện trên trang / pairing code on the page (Enter = không / no): ';
      return desk.ask(question, false, this.aborter.signal);
    });
    const code = Buffer.from(pairingCode(shake));
    if (!equalBytes(Buffer.from((typed ?? '').replace(/\s/g, '')), code)) throw refusal('E_PAIRING');
    memory.pair(this.origin, shake.pageKey);
    memory.audit('paired', { origin: this.origin });
  }

  private async serve(message: Record<string, unknown>, channel: Channel): Promise<void> {
    if (!this.isPaired) throw refusal('E_PAIRING');
    if (message.verb === 'list') this.send(channel.seal(this.list()));
    else if (message.verb === 'sign') this.send(channel.seal(await this.sign(message)));
    else throw refusal('E_AGENT_REFUSED', 'verb');
  }

  private list(): object {
    const credentials = credentialsIn(this.parts.module).map(({ id, certificate, chain }) => ({
      id,
      certificate: certificate.toString('base64'),
      chain: chain.map((one) => one.toString('base64')),
    }));
    return { verb: 'credentials', credentials };
  }

  private async sign(message: Record<string, unknown>): Promise<object> {
    const { module, memory, desk } = this.parts;
    const request = SignRequestSchema.safeParse(message);
    if (!request.success) throw refusal('E_AGENT_REFUSED', 'sign');
    const credential = credentialsIn(module).find(({ id }) => id === request.data.credentialId);
    if (!credential) throw refusal('E_NO_TOKEN');
    const { code, titles, digests } = await checkRequest(request.data, credential.certificate, this.origin);
    memory.audit('asked', { origin: this.origin, code, digests: digests.map((one) => one.toString('hex')) });
    const pin = await this.withAttention(() => {
      this.show(titles, code, credential);
      return desk.ask('Mã PIN / PIN (Enter = không ký / do not sign): ', true, this.aborter.signal);
    });
    if (!pin) throw refusal('E_USER_CANCELLED');
    try {
      const values = signDigests(module, credential, digests, pin);
      memory.audit('signed', { origin: this.origin, code, certificate: sha256Hex(credential.certificate) });
      desk.say('Đã ký · signed.');
      return { verb: 'signed', values: values.map((one) => one.toString('base64')) };
    } catch (error) {
      if (!isTrucError(error, 'E_PIN_WRONG')) throw error;
      throw refusal('E_PIN_WRONG', warningOf(stateOf(module, credential).pin));
    }
  }

  private show(titles: readonly string[], code: string, credential: TokenCredential): void {
    const { desk, module } = this.parts;
    const { pin, label } = stateOf(module, credential);
    if (pin === 'locked') throw refusal('E_PIN_LOCKED');
    const { subject } = new X509Certificate(credential.certificate);
    desk.say(
      `\nTrang ${this.origin} xin ký ${titles.length} văn bản · asks for ${titles.length} signature(s):`,
    );
    for (const title of titles) desk.say(`  - ${printable(title)}`);
    desk.say(
      `  Chứng thư số / certificate: ${printable(subject.replaceAll('\n', ', '))} (${printable(label)})`,
    );
    desk.say(`  Mã xác nhận / confirmation code: ${code.slice(0, 3)} ${code.slice(3)}`);
    desk.say(
      '  Chỉ nhập PIN khi mã này giống mã trên trang. · Type the PIN only where the page shows the same code.',
    );
    if (warningOf(pin)) desk.say(`  ! ${warningOf(pin)}`);
  }

  /** @throws TrucError `E_AGENT_REFUSED` where the owner is busy with another request */
  private async withAttention<T>(work: () => Promise<T>): Promise<T> {
    const { attention } = this.parts;
    if (attention.isTaken)
      throw refusal('E_AGENT_REFUSED', 'Đang có yêu cầu khác · another request is waiting');
    attention.isTaken = true;
    try {
      return await work();
    } finally {
      attention.isTaken = false;
    }
  }
}

function warningOf(pin: 'ok' | 'few-left' | 'last' | 'locked'): string {
  if (pin === 'last')
    return 'Chỉ còn 1 lần nhập PIN trước khi thiết bị bị khóa · one try left before the token is locked';
  if (pin === 'few-left') return 'Đã nhập sai PIN, số lần thử còn ít · wrong PIN before, few tries left';
  return pin === 'locked' ? 'Thiết bị đã bị khóa · the token is locked' : '';
}
