import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { basename, join } from 'node:path';
import { TrucError } from '../../kernel/index.ts';
import { DEMO_DRAFTS } from './signers.ts';
import type { DemoCredentials, DemoFolder } from './world.ts';

/** What the demo's document system needs to know. */
export interface OfficeOptions {
  folder: DemoFolder;
  credentials: Pick<DemoCredentials, 'url' | 'signingUrl' | 'agencies' | 'signers'>;
}

export interface RunningOffice {
  /** Letters that wait for a signature; `/ky?van-ban=FILE` has one signed. */
  url: string;
  close(): Promise<void>;
}

type Language = 'vi' | 'en';

/**
 * A document system of the demo agencies, as small as one can be: a list of drafts, a page that holds `<edoc-signer>` as
 * docs/widget.md shows it, and the one call of its backend that gets a ticket. On a loopback port of its own, so that the
 * widget lies in a frame of another origin, as it does in an agency.
 */
export async function startOffice(options: OfficeOptions): Promise<RunningOffice> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      const code = error instanceof TrucError ? error.code : 'internal';
      send(response, 502, 'application/json', JSON.stringify({ code }), options);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: OfficeOptions) {
  const url = new URL(request.url ?? '/', 'http://office');
  const draft = DEMO_DRAFTS.find(({ file }) => file === url.searchParams.get('van-ban'));
  const language: Language = url.searchParams.get('lang') === 'en' ? 'en' : 'vi';
  const { signingUrl } = options.credentials;
  const page = (html: string) => send(response, 200, 'text/html; charset=utf-8', html, options);
  const route = `${request.method} ${url.pathname}`;
  if (route === 'GET /') return page(listPage(language, options));
  if (route === 'GET /ky' && draft) return page(signingPage(draft.file, url, language, signingUrl));
  if (route === 'GET /sign.js') return send(response, 200, 'text/javascript', SIGN_SCRIPT, options);
  if (route === 'POST /ticket' && draft && isOwnPage(request)) {
    const ticket = await ticketFor(draft, url, options);
    return send(response, 201, 'application/json', JSON.stringify(ticket), options);
  }
  return send(
    response,
    404,
    'text/plain; charset=utf-8',
    'Không có trang này. · There is no such page.\n',
    options,
  );
}

function isOwnPage({ headers }: IncomingMessage): boolean {
  return headers.origin === `http://${headers.host}`;
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  { credentials: { signingUrl } }: OfficeOptions,
): void {
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${signingUrl}`,
    `frame-src ${signingUrl}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  response.writeHead(status, {
    'content-type': type,
    'content-security-policy': policy,
    'cache-control': 'no-store',
  });
  response.end(body);
}

/** As docs/widget.md shows it. */
const SIGN_SCRIPT = `const signer = document.querySelector('edoc-signer');
signer.addEventListener('edoc-signed', ({ detail }) => console.log('signed', detail.documentId));
signer.ticket = await (await fetch(\`/ticket\${location.search}\`, { method: 'POST' })).json();
`;

const head = (language: Language, title: string) =>
  `<!doctype html>\n<html lang="${language}">\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>${title}</title>\n`;

function signingPage(file: string, url: URL, language: Language, signingUrl: string): string {
  const wanted = /^(?:light|dark|contrast)$/.exec(url.searchParams.get('theme') ?? '')?.[0];
  const theme = wanted ? ` theme="${wanted}"` : '';
  const back = language === 'en' ? 'Drafts' : 'Danh sách dự thảo';
  return `${head(language, file)}<script type="module" src="${signingUrl}/widget/v1/edoc-signer.js" crossorigin></script>
<script type="module" src="/sign.js"></script>
<p><a href="/?lang=${language}">${back}</a></p>
<main><edoc-signer lang="${language}"${theme}></edoc-signer></main>
`;
}

function listPage(language: Language, { folder, credentials }: OfficeOptions): string {
  const vi = language === 'vi';
  const title = vi ? 'Dự thảo chờ ký (trình diễn)' : 'Drafts to be signed (demo)';
  const rows = DEMO_DRAFTS.map(({ file, from, subject }) => {
    const key = credentials.signers.find(({ agency, kind }) => agency === from && kind === 'person');
    const who = `${key?.name}: <code>${join(folder.signers, basename(key?.file ?? ''))}</code>, ${vi ? 'mật khẩu' : 'password'} <code>${key?.password}</code>`;
    return `<li><a href="/ky?van-ban=${file}&lang=${language}">${subject}</a><br>${who}</li>`;
  });
  return `${head(language, title)}<main><h1>${title}</h1>\n<ul>\n${rows.join('\n')}\n</ul>
<p><a href="/?lang=${vi ? 'en' : 'vi'}">${vi ? 'English' : 'Tiếng Việt'}</a></p></main>\n`;
}

/** Ways of signing that the page asks for, in its order. */
function providersIn(url: URL): string[] {
  return url.searchParams.get('cach-ky')?.split(',') ?? ['soft', 'vgca', 'local', 'csc'];
}

type DemoDraft = (typeof DEMO_DRAFTS)[number];

/** A draft, as many times as the page wants it signed at once: `so-luong`. */
function lettersOf({ subject, file }: DemoDraft, url: URL, { folder }: OfficeOptions) {
  const wanted = Number(url.searchParams.get('so-luong') ?? 1);
  const count = Number.isInteger(wanted) && wanted > 1 && wanted <= 50 ? wanted : 1;
  const bytes = readFileSync(join(folder.drafts, file));
  return Array.from({ length: count }, (_, i) => ({
    title: count === 1 ? subject : `${subject} (${i + 1})`,
    bytes,
  }));
}

/** Registers the drafts and asks for the ticket of their agency's official, as an agency's backend does. */
async function ticketFor(draft: DemoDraft, page: URL, options: OfficeOptions) {
  const { url, agencies, signers } = options.credentials;
  const system = agencies.find(({ code }) => code === draft.from);
  const official = signers.find(({ agency, kind }) => agency === draft.from && kind === 'person');
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: system?.clientId ?? '',
    client_secret: system?.clientSecret ?? '',
  });
  const token = await call(`${url}/oauth/token`, { method: 'POST', body: form });
  const authorization = `Bearer ${token.access_token}`;
  const documents: { documentId?: string | undefined; sha256?: string | undefined }[] = [];
  for (const { title, bytes } of lettersOf(draft, page, options)) {
    const { documentId, sha256 } = await call(`${url}/v1/sign/documents?title=${encodeURIComponent(title)}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/pdf' },
      body: new Uint8Array(bytes),
    });
    documents.push({ documentId, sha256 });
  }
  return call(`${url}/v1/sign/tickets`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({
      documents,
      action: 'approve',
      signer: { serialNumber: official?.serialNumber },
      user: 'lanh-dao',
      providers: providersIn(page),
      returnOrigins: ['http://127.0.0.1:*'],
    }),
  });
}

async function call(url: string, init: RequestInit): Promise<Record<string, string>> {
  const answer = await fetch(url, init);
  const body = (await answer.json()) as Record<string, string>;
  if (!answer.ok) throw new TrucError(body.code ?? 'internal');
  return body;
}
