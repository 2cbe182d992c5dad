import { constants, type KeyObject, privateEncrypt, verify } from 'node:crypto';
import { createServer as createPlain } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../../kernel/index.ts';
import { keySigner, signPdf } from '../../signing/index.ts';
import { tinos } from '../fonts.ts';

/** What the simulator does wrong on purpose. */
export type AgentFault =
  | 'hung'
  | 'silent'
  | 'malformed'
  | 'not-an-object'
  | 'huge'
  | 'status'
  | 'closes'
  | 'other-key'
  | 'wrong-signature';

export interface VgcaAgentOptions {
  /** The token's key (RSA) and certificate, DER. */
  key: KeyObject;
  certificate: Buffer;
  /** PEM of a TLS key and certificate: `wss`; `ws` where not given. */
  tls?: { key: string; cert: string };
  /** 0 picks a free one. The real agent has 8987. */
  port?: number;
}

export interface VgcaAgent {
  url: string;
  /** Paths that were called, in order, with what was sent. */
  calls: { path: string; message: string }[];
  /** Applies from now on; null: none. */
  fault: AgentFault | null;
  /** Another signed file than the agent would bring back. */
  alter: ((signed: Buffer) => Buffer | Promise<Buffer>) | null;
  close(): Promise<void>;
}

/** DigestInfo of SHA-256 without the digest (RFC 8017 §9.2). */
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');
/** Fetch, sign in a window of the agent's own, bring back. */
const PDF_FUNCTIONS = ['SignApproved', 'SignIssued', 'SignAppendix', 'SignCopy'];
const OTHER_FUNCTIONS = [
  'SignIncome', 'SignFiles', 'Comment', 'SignXML', 'VerifyXML',
  'SignJson', 'VerifyJson', 'SignLyLich', 'Config',
]; // biome-ignore format: a list

/**
 * Speaks the wire protocol of VGCA Sign Service as public copies of its page script show it: one WebSocket a call, the function in
 * the path, one text each way. GetVersion, GetCertInfo, SignMsg, VerifyMsg and the functions that sign a PDF file work; others that have a
 * window of their own (XML, JSON) are known and answer with a status. No PIN is asked. The real agent was never at hand: fields that differ there are unknown.
 */
export async function startVgcaAgent(options: VgcaAgentOptions): Promise<VgcaAgent> {
  const server = options.tls ? createTls(options.tls) : createPlain();
  const sockets = new WebSocketServer({ noServer: true });
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const agent: VgcaAgent = {
    url: '',
    calls: [],
    fault: null,
    alter: null,
    close: () => {
      for (const one of open) one.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  server.on('upgrade', (request, socket, head) => {
    if (agent.fault === 'hung') return;
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.once('message', (data) => {
        const path = (request.url ?? '/').slice(1);
        const message = data.toString();
        agent.calls.push({ path, message });
        void answer(opened, agent.fault, async () => reply(path, message, agent, options));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  agent.url = `${options.tls ? 'wss' : 'ws'}://127.0.0.1:${port}`;
  return agent;
}

async function answer(
  socket: WebSocket,
  fault: AgentFault | null,
  honest: () => Promise<object>,
): Promise<void> {
  if (fault === 'silent') return;
  if (fault === 'closes') {
    socket.close();
    return;
  }
  const text: Partial<Record<AgentFault, string>> = {
    malformed: '{"Status":0,',
    'not-an-object': '[0]',
    huge: JSON.stringify({ Status: 0, Message: 'x'.repeat(10 * 1024 * 1024) }),
    status: JSON.stringify({ Status: 1, Message: 'Không tìm thấy thiết bị ký số' }),
  };
  // The agent closes behind its answer.
  socket.send((fault && text[fault]) ?? JSON.stringify(await honest()), () => socket.close());
}

function reply(
  path: string,
  message: string,
  { fault, alter }: Pick<VgcaAgent, 'fault' | 'alter'>,
  options: VgcaAgentOptions,
): object | Promise<object> {
  const certificate = options.certificate.toString('base64');
  if (path === 'GetVersion') return { Status: 0, Message: '', Version: '1.0.0-sim' };
  if (path === 'GetCertInfo') return { Status: 0, Message: '', CertInfo: certificate };
  if (path === 'SignMsg') return signed(message, fault, options);
  if (path === 'VerifyMsg') return verified(message, options);
  if (PDF_FUNCTIONS.includes(path)) return signFile(message, alter, options);
  if (OTHER_FUNCTIONS.includes(path)) return { Status: 2, Message: 'Bản mô phỏng không có cửa sổ ký tệp' };
  return { Status: 3, Message: 'Không có chức năng này' };
}

function parsed(message: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function signed(message: string, fault: AgentFault | null, { key, certificate }: VgcaAgentOptions): object {
  const { HashAlg, HashValue } = parsed(message) ?? {};
  const digest = Buffer.from(String(HashValue), 'base64');
  if (HashAlg !== 'SHA256' || digest.length !== 32) return { Status: 4, Message: 'Tham số không hợp lệ' };
  if (fault === 'wrong-signature') digest.reverse();
  const padding = constants.RSA_PKCS1_PADDING;
  const value = privateEncrypt({ key, padding }, Buffer.concat([DIGEST_INFO, digest]));
  const used = Buffer.from(certificate);
  if (fault === 'other-key') used[used.length - 1] = (used.at(-1) ?? 0) ^ 1;
  return {
    Status: 0,
    Message: '',
    HashValue,
    Signature: value.toString('base64'),
    CertBase64: used.toString('base64'),
  };
}

function verified(message: string, { key }: VgcaAgentOptions): object {
  const { Base64Content, Signature } = parsed(message) ?? {};
  const content = Buffer.from(String(Base64Content), 'base64');
  const isRight = verify('sha256', content, key, Buffer.from(String(Signature), 'base64'));
  return isRight ? { Status: 0, Message: '' } : { Status: 5, Message: 'Chữ ký không hợp lệ' };
}

/**
 * What the file functions do: `FileName` is an address that the agent fetches, the signed PDF is posted to `FileUploadHandler` as the
 * form's `uploadfile`, and what that answers comes back as `FileServer`. Level B-B: no time-stamp.
 */
async function signFile(
  message: string,
  alter: VgcaAgent['alter'],
  { key, certificate }: VgcaAgentOptions,
): Promise<object> {
  const { FileName, FileUploadHandler } = parsed(message) ?? {};
  const fetched = await fetch(String(FileName)).catch(() => null);
  if (!fetched?.ok) return { Status: 6, Message: `Không tải được văn bản (${fetched?.status ?? 'mạng'})` };
  const pdf = Buffer.from(await fetched.arrayBuffer());
  const { bytes } = await signPdf({
    pdf,
    fieldName: `Signature${pdf.length}`,
    signedAt: systemClock.now(),
    signer: keySigner(certificate, key),
    visible: {
      page: 1,
      rectangle: [330, 120, 470, 182],
      form: { kind: 'person', name: 'VGCA' },
      font: tinos('regular'),
    },
  });
  const form = new FormData();
  const signed = new Blob([new Uint8Array(alter ? await alter(bytes) : bytes)], { type: 'application/pdf' });
  form.append('uploadfile', signed, 'van-ban.signed.pdf');
  const taken = await fetch(String(FileUploadHandler), { method: 'POST', body: form }).catch(() => null);
  const said = await taken?.text();
  if (!taken?.ok) return { Status: 7, Message: `Máy chủ không nhận tệp đã ký: ${said ?? ''}` };
  return {
    Status: 0,
    Message: '',
    FileName: 'van-ban.signed.pdf',
    FileServer: said,
    DocumentNumber: '',
    DocumentDate: '',
  };
}
