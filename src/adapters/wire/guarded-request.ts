import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Target } from './target-guard.ts';

/** Decides about a host and port, and gives the address to connect to. */
export type Guard = (host: string, port: number) => Promise<Target>;

export interface GuardedRequest {
  url: string;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: Buffer;
  guard: Guard;
  signal: AbortSignal;
  /** Octets of an answer's body beyond which it is not read on. */
  limit: number;
  /** The one authority that the server's certificate must come from, PEM; null: the system's. */
  ca?: string | null;
}

export interface GuardedAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** The body was longer than the limit; what is here is its beginning. */
  cut: boolean;
}

/**
 * One HTTP exchange with an address that the guard has looked at: the name is resolved once, and that address is
 * connected to. Redirects are answers like others.
 * @returns the answer, or why the guard refused
 * @throws what Node throws when the network fails or the signal ends it
 */
export async function guardedRequest(wanted: GuardedRequest): Promise<GuardedAnswer | { refused: string }> {
  const url = new URL(wanted.url);
  const secure = url.protocol === 'https:';
  const port = Number(url.port || (secure ? 443 : 80));
  const target = await wanted.guard(url.hostname, port);
  if ('refused' in target) return { refused: target.refused };
  const { body, signal } = wanted;
  const options = {
    method: wanted.method,
    host: target.address,
    family: target.family,
    port,
    path: `${url.pathname}${url.search}`,
    headers: {
      ...wanted.headers,
      host: url.host,
      ...(body ? { 'content-length': String(body.length) } : {}),
    },
    signal,
    agent: false,
    ...(secure ? tlsOptions(url.hostname, wanted.ca ?? null) : {}),
  };
  const send = secure ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(options, (answer) => readAnswer(answer, wanted.limit).then(resolve, reject));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** A server name is never an address (RFC 6066 §3); an address is checked against the certificate all the same. */
function tlsOptions(host: string, ca: string | null) {
  const named = isIP(host.replace(/^\[|\]$/g, '')) === 0;
  return { ...(named ? { servername: host } : {}), ...(ca === null ? {} : { ca }) };
}

/** Leaving the loop early destroys the connection, so that an endless answer ends there. */
async function readAnswer(answer: IncomingMessage, limit: number): Promise<GuardedAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) break;
    chunks.push(chunk);
  }
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: Buffer.concat(chunks),
    cut: size > limit,
  };
}

/** Retry-After as seconds or HTTP date (RFC 9110 §10.2.3), in milliseconds from now; null where it says nothing. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
