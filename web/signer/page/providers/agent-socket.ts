import { type ErrorCode, SignerError } from '../errors.ts';
import { loopbackPermission } from './loopback.ts';

/** One message there and one back, as the agents of this machine speak. */
export interface AgentCall {
  /** `ws:` or `wss:` on 127.0.0.1. */
  url: string;
  message: string;
  signal: AbortSignal;
  /** How long the connection may take. */
  connectMs: number;
  /** How long the answer may take once connected: seconds for a machine, minutes for a person with a PIN. */
  answerMs: number;
}

/** Answers are certificates and signatures: nothing longer is read. */
export const MOST_CHARACTERS = 256 * 1024;
/** The browser asks the official first. */
const ASKED_MS = 60_000;
/** A refused TLS handshake takes longer than a closed port; the difference is a hint, no proof. */
const TLS_HINT_MS = 60;

/**
 * @throws SignerError `E_AGENT_ABSENT`, `E_AGENT_TLS`, `E_LNA_DENIED` (no connection; a page hears nothing but close code 1006, so
 * time and permission tell them apart), `E_AGENT_HUNG`, `E_USER_TIMEOUT` (no answer), `E_AGENT_REPLY` (too long, binary, or closed
 * without an answer), `E_USER_CANCELLED` (signal)
 */
export async function callAgent(call: AgentCall): Promise<string> {
  const isAsked = (await loopbackPermission()) === 'unasked';
  const started = performance.now();
  const socket = new WebSocket(call.url);
  try {
    return await exchange(socket, isAsked ? { ...call, connectMs: ASKED_MS } : call, started);
  } finally {
    socket.close();
  }
}

function exchange(socket: WebSocket, call: AgentCall, started: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (code: ConstructorParameters<typeof SignerError>[0]) => reject(new SignerError(code));
  let isOpen = false;
  let timer = setTimeout(() => fail('E_AGENT_HUNG'), call.connectMs);
  const cancelled = () => fail('E_USER_CANCELLED');
  call.signal.addEventListener('abort', cancelled);
  socket.onopen = () => {
    isOpen = true;
    clearTimeout(timer);
    timer = setTimeout(() => fail(call.answerMs > 10_000 ? 'E_USER_TIMEOUT' : 'E_AGENT_HUNG'), call.answerMs);
    socket.send(call.message);
  };
  socket.onmessage = ({ data }: MessageEvent<unknown>) =>
    typeof data === 'string' && data.length <= MOST_CHARACTERS ? resolve(data) : fail('E_AGENT_REPLY');
  socket.onclose = () => {
    if (isOpen) fail('E_AGENT_REPLY');
    else void whyRefused(call.url, performance.now() - started).then((code) => reject(new SignerError(code)));
  };
  if (call.signal.aborted) cancelled();
  return promise.finally(() => {
    clearTimeout(timer);
    call.signal.removeEventListener('abort', cancelled);
  });
}

/** What a connection that was never made may have failed with. */
export async function whyRefused(url: string, milliseconds: number): Promise<ErrorCode> {
  const permission = await loopbackPermission();
  if (permission === 'denied' || permission === 'unasked') return 'E_LNA_DENIED';
  if (permission === 'not-delegated') return 'E_LNA_FRAME';
  return url.startsWith('wss:') && milliseconds > TLS_HINT_MS ? 'E_AGENT_TLS' : 'E_AGENT_ABSENT';
}
