import { constants, type KeyObject, privateEncrypt, verify } from 'node:crypto';
import { createServer as createPlain } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

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
  close(): Promise<void>;
}

/** DigestInfo of SHA-256 without the digest (RFC 8017 §9.2). */
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');
const FILE_FUNCTIONS = [
  'SignApproved', 'SignIssued', 'SignAppendix', 'SignCopy', 'SignIncome', 'SignFiles', 'Comment', 'SignXML', 'VerifyXML',
  'SignJson', 'VerifyJson', 'SignLyLich', 'Config',
]; // biome-ignore format: a list

/**
 * Speaks the wire protocol of VGCA Sign Service as public copies of its page script show it: one WebSocket a call, the function in
 * the path, one text each way. GetVersion, GetCertInfo, SignMsg and VerifyMsg work; functions that have a window of their own (files,
 * XML, JSON) are known and answer with a status. No PIN is asked. The real agent was never at hand: fields that differ there are unknown.
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
        answer(opened, agent.fault, () => reply(path, message, agent.fault, options));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  agent.url = `${options.tls ? 'wss' : 'ws'}://127.0.0.1:${port}`;
  return agent;
}

function answer(socket: WebSocket, fault: AgentFault | null, honest: () => object): void {
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
  socket.send((fault && text[fault]) ?? JSON.stringify(honest()), () => socket.close());
}

function reply(path: string, message: string, fault: AgentFault | null, options: VgcaAgentOptions): object {
  const certificate = options.certificate.toString('base64');
  if (path === 'GetVersion') return { Status: 0, Message: '', Version: '1.0.0-sim' };
  if (path === 'GetCertInfo') return { Status: 0, Message: '', CertInfo: certificate };
  if (path === 'SignMsg') return signed(message, fault, options);
  if (path === 'VerifyMsg') return verified(message, options);
  if (FILE_FUNCTIONS.includes(path)) return { Status: 2, Message: 'Bản mô phỏng không có cửa sổ ký tệp' };
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
