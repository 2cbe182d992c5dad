import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { SoftToken } from './soft-token.ts';

/** A remote signing service (CSC API v2) whose one key is in SoftHSM: enough of OAuth, credentials and signHash to be signed with. */
export interface CscService {
  /** Base URI. */
  url: string;
  clientId: string;
  clientSecret: string;
  /** Where the holder's key is. */
  enrol(token: SoftToken, chain: readonly Buffer[]): void;
  /** Whether its pages keep their window from whoever opened it (Cross-Origin-Opener-Policy). */
  isAloof: boolean;
  /** Paths that were called, in order. */
  calls: string[];
  close(): Promise<void>;
}

interface Granted {
  scope: string;
  challenge: string;
  redirectUri: string;
  credentialId: string | null;
  /** Base64 of what may be signed, once. */
  hashes: string[];
}

const CREDENTIAL = 'khoa-1';
/** DigestInfo of SHA-256 without the digest (RFC 8017 §9.2). */
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

export async function startCscService(): Promise<CscService> {
  const codes = new Map<string, Granted>();
  const tokens = new Map<string, Granted>();
  let holder: { token: SoftToken; chain: readonly Buffer[] } | null = null;
  const service: CscService = {
    url: '',
    clientId: 'truc',
    clientSecret: 'bí mật của truc',
    enrol: (token, chain) => {
      holder = { token, chain };
    },
    isAloof: false,
    calls: [],
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => json(response, 400, { error: String(error) }));
  });

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', service.url);
    const path = url.pathname.replace('/csc/v2/', '');
    service.calls.push(path);
    if (service.isAloof) response.setHeader('cross-origin-opener-policy', 'same-origin');
    if (path === 'oauth2/authorize' && request.method === 'GET') return page(url, response);
    if (path === 'oauth2/authorize') return approve(url, response);
    const body = await read(request);
    if (path === 'oauth2/token') return token(new URLSearchParams(body), response);
    const granted = tokens.get((request.headers.authorization ?? '').replace('Bearer ', ''));
    if (!granted || !holder) return json(response, 401, { error: 'invalid_request' });
    const asked = JSON.parse(body) as { hashes?: string[]; credentialID?: string; signAlgo?: string };
    if (path === 'credentials/list') return json(response, 200, { credentialIDs: [CREDENTIAL] });
    if (asked.credentialID !== CREDENTIAL) return json(response, 400, { error: 'invalid_request' });
    if (path === 'credentials/info') {
      const certificates = holder.chain.map((one) => one.toString('base64'));
      const cert = { status: 'valid', certificates };
      return json(response, 200, { key: { status: 'enabled', len: 2048 }, cert, multisign: 50, SCAL: '2' });
    }
    if (path !== 'signatures/signHash') return json(response, 404, { error: 'invalid_request' });
    const hashes = asked.hashes ?? [];
    // SCAL2: what was authorised is signed, nothing else, and once.
    const isAllowed = granted.scope === 'credential' && hashes.every((one) => granted.hashes.includes(one));
    if (!isAllowed)
      return json(response, 400, {
        error: 'invalid_request',
        error_description: 'Hash is not authorized by the SAD',
      });
    granted.hashes = [];
    const { token: where } = holder;
    json(response, 200, { signatures: hashes.map((one) => signed(Buffer.from(one, 'base64'), where)) });
  }

  function page({ searchParams: query }: URL, response: ServerResponse) {
    const code =
      query.get('scope') === 'credential' ? `${query.get('numSignatures')} văn bản` : 'danh sách chứng thư';
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="vi"><title>Dịch vụ ký số</title><h1>Cho phép: ${code}</h1>
<form method="post"><button id="allow" name="allow" value="1">Cho phép</button></form>`);
  }

  function approve({ searchParams: query }: URL, response: ServerResponse) {
    const code = randomBytes(16).toString('hex');
    codes.set(code, {
      scope: String(query.get('scope')),
      challenge: String(query.get('code_challenge')),
      redirectUri: String(query.get('redirect_uri')),
      credentialId: query.get('credentialID'),
      hashes: (query.get('hashes') ?? '')
        .split(',')
        .map((one) => Buffer.from(one, 'base64url').toString('base64')),
    });
    const back = new URLSearchParams({ code, state: String(query.get('state')) });
    response.writeHead(303, { location: `${query.get('redirect_uri')}?${back}` }).end();
  }

  function token(form: URLSearchParams, response: ServerResponse) {
    const granted = codes.get(String(form.get('code')));
    codes.delete(String(form.get('code')));
    const challenge = createHash('sha256')
      .update(String(form.get('code_verifier')))
      .digest('base64url');
    const isRight =
      granted?.challenge === challenge &&
      granted.redirectUri === form.get('redirect_uri') &&
      form.get('client_id') === service.clientId &&
      form.get('client_secret') === service.clientSecret;
    if (!granted || !isRight) return json(response, 400, { error: 'invalid_grant' });
    const access = randomBytes(24).toString('hex');
    tokens.set(access, granted);
    return json(response, 200, { access_token: access, token_type: 'Bearer', expires_in: 300 });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  service.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/csc/v2`;
  return service;
}

function signed(digest: Buffer, { module, pin, env, folder }: SoftToken): string {
  const [input, output] = [join(folder, 'digest'), join(folder, 'signature')];
  writeFileSync(input, Buffer.concat([DIGEST_INFO, digest]));
  const key = ['--module', module, '--login', '--pin', pin, '--id', '01'];
  const work = ['--sign', '--mechanism', 'RSA-PKCS', '--input-file', input, '--output-file', output];
  execFileSync('pkcs11-tool', [...key, ...work], { env: { ...process.env, ...env }, stdio: 'pipe' });
  return readFileSync(output).toString('base64');
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function json(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
