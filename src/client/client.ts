import type { KeyObject } from 'node:crypto';
import { TrucError } from '../kernel/index.ts';
import { clientAssertion } from './assertion.ts';

export interface ClientOptions {
  /** Public URL of the axis, without trailing slash. */
  url: string;
  /** Milliseconds after which a call without a whole answer is given up; none when not given. */
  timeoutMs?: number;
  clientId: string;
  clientSecret?: string;
  /** In place of a secret: the private key whose public one is registered for the system. */
  clientKey?: KeyObject;
  /** The axis as it names itself, where callers reach it at another address; `url` when not given. */
  audience?: string;
}

export interface InboxItem {
  deliveryId: string;
  documentId: string;
  kind: 'document' | 'status' | 'notice';
  from: string;
  to: string;
  priority: number;
  receivedAt: string;
  leaseUntil: string | null;
  sha256: string;
}

export interface SubmissionAnswer {
  documentId: string;
  sha256: string;
  state: string;
  legalValue: string;
  verification: { indication: string };
  receipt: Record<string, unknown>;
}

/** A document system's view of any axis node. Every method throws TrucError `client.refused` with the problem, or `client.unreachable`. */
export interface TrucClient {
  /** Sends edXML; repeating it with the same bytes is safe and gives the same answer. */
  send(edxml: Uint8Array): Promise<SubmissionAnswer>;
  inbox(options?: { limit?: number; waitSeconds?: number }): Promise<InboxItem[]>;
  content(deliveryId: string): Promise<Buffer>;
  acknowledge(
    deliveryId: string,
    outcome: 'done' | 'fail',
    details?: { reason?: string; sha256?: string; retry?: boolean },
  ): Promise<void>;
  /** Reports a business status by JSON. */
  status(status: {
    documentId: string;
    code: string;
    description?: string;
  }): Promise<Record<string, unknown>>;
  /** POST of a JSON body to any path; the answer's JSON. */
  post(path: string, body: unknown): Promise<unknown>;
  /** GET of any path, as bytes. */
  get(path: string): Promise<Buffer>;
}

export function trucClient(options: ClientOptions): TrucClient {
  let token: { value: string; expiresAt: number } | null = null;

  async function call(path: string, init: RequestInit = {}, retryToken = true): Promise<Buffer> {
    const response = await reach(options, path, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${await bearer()}` },
    });
    if (response.status === 401 && retryToken) {
      token = null;
      return call(path, init, false);
    }
    return bodyOf(response);
  }

  async function bearer(): Promise<string> {
    const now = performance.now();
    if (token && token.expiresAt > now) return token.value;
    const response = await reach(options, '/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: options.clientId,
        ...proof(options),
      }).toString(),
    });
    const answer = JSON.parse((await bodyOf(response)).toString()) as {
      access_token: string;
      expires_in: number;
    };
    token = { value: answer.access_token, expiresAt: now + (answer.expires_in - 30) * 1000 };
    return token.value;
  }

  const json = async (path: string, init?: RequestInit) => JSON.parse((await call(path, init)).toString());
  const post = (path: string, body: unknown) =>
    json(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  return {
    send: (edxml) =>
      json('/v1/documents', {
        method: 'POST',
        headers: { 'content-type': 'application/xml' },
        body: Buffer.from(edxml),
      }),
    inbox: async ({ limit = 50, waitSeconds = 0 } = {}) =>
      (await json(`/v1/inbox?limit=${limit}&wait=${waitSeconds}`)).items,
    content: (deliveryId) => call(`/v1/inbox/${encodeURIComponent(deliveryId)}/content`),
    acknowledge: async (deliveryId, outcome, details = {}) => {
      await post(`/v1/inbox/${encodeURIComponent(deliveryId)}/ack`, { outcome, ...details });
    },
    status: (status) => post('/v1/statuses', status),
    post,
    get: (path) => call(path),
  };
}

/** By key where there is one: it never travels. */
function proof({
  clientId,
  clientSecret = '',
  clientKey,
  url,
  audience = url,
}: ClientOptions): Record<string, string> {
  if (!clientKey) return { client_secret: clientSecret };
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: clientAssertion(clientId, clientKey, audience),
  };
}

/** An answer may break off in the middle as well. */
async function bytesOf(response: Response): Promise<Buffer> {
  try {
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw new TrucError('client.unreachable', { url: response.url }, error);
  }
}

async function reach({ url, timeoutMs }: ClientOptions, path: string, init: RequestInit): Promise<Response> {
  try {
    const timeout = timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) };
    return await fetch(`${url}${path}`, { ...init, ...timeout });
  } catch (error) {
    throw new TrucError('client.unreachable', { url }, error);
  }
}

async function bodyOf(response: Response): Promise<Buffer> {
  const bytes = await bytesOf(response);
  if (response.ok) return bytes;
  let problem: Record<string, string> = {};
  try {
    problem = JSON.parse(bytes.toString());
  } catch {
    problem = { title: `HTTP ${response.status}`, detail: bytes.toString().slice(0, 200) };
  }
  throw new TrucError('client.refused', {
    status: response.status,
    code: problem.code ?? '',
    title: problem.title ?? `HTTP ${response.status}`,
    detail: problem.detail ?? '',
    problem: [problem],
  });
}
