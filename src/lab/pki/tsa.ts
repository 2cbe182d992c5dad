import { sign as cryptoSign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Clock, randomBytes, sha256, sleep } from '../../kernel/index.ts';
import {
  assembleCms,
  der,
  derAt,
  derBytes,
  derChildren,
  derContent,
  oids,
  signedAttributes,
} from '../../signing/index.ts';
import type { Pki, PkiEntity } from './issue.ts';

const QUERY = 'application/timestamp-query';
const REPLY = 'application/timestamp-reply';
const MAX_REQUEST = 4096;
const HASH_LENGTHS: Readonly<Record<string, number>> = {
  [hexOid('2.16.840.1.101.3.4.2.1')]: 32,
  [hexOid('2.16.840.1.101.3.4.2.2')]: 48,
  [hexOid('2.16.840.1.101.3.4.2.3')]: 64,
};

function hexOid(dotted: string): string {
  return der.oid(dotted).toString('hex');
}

/** Bits of PKIFailureInfo (RFC 3161 §2.4.2). */
const failures = { badAlg: 0, badRequest: 2, badDataFormat: 5, timeNotAvailable: 14 } as const;
type Failure = keyof typeof failures;

interface TimestampRequest {
  /** MessageImprint, DER. */
  imprint: Buffer;
  /** INTEGER, DER. */
  nonce: Buffer | null;
  certReq: boolean;
}

/** What tests may change about an honest answer. */
export interface TsaOptions {
  pki: Pki;
  /** Time to state, milliseconds since 1970. */
  now: number;
  /** Entity that signs; `tsa` where not given. */
  entity?: string;
  /** Refuse with this failure. */
  refuse?: Failure;
  /** Stamp another digest than asked (a lying authority). */
  wrongImprint?: boolean;
  /** Leave the nonce out or answer another one. */
  wrongNonce?: boolean;
}

/** Answers a TimeStampReq (RFC 3161 §2.4, DER) with a TimeStampResp, DER; malformed requests get a refusal. */
export function tsaRespond(requestDer: Buffer, options: TsaOptions): Buffer {
  if (options.refuse) return refusal(options.refuse);
  const request = readRequest(requestDer);
  if (typeof request === 'string') return refusal(request);
  const token = stamp(request, options);
  return der.sequence(der.sequence(der.integer(0)), token);
}

/** A TimeStampToken over a SHA-256 digest, without the detour over a request. */
export function timestampToken(digest: Buffer, options: TsaOptions): Buffer {
  const algorithm = der.sequence(der.oid(oids.sha256));
  const imprint = der.sequence(algorithm, der.octetString(digest));
  return stamp({ imprint, nonce: null, certReq: true }, options);
}

function refusal(failure: Failure): Buffer {
  return der.sequence(der.sequence(der.integer(2), der.namedBits([failures[failure]])));
}

function readRequest(bytes: Buffer): TimestampRequest | Failure {
  try {
    const outer = derAt(bytes, 0);
    const [version, imprint, ...rest] = derChildren(bytes, outer);
    if (!version || !imprint || outer.tag !== 0x30 || outer.end !== bytes.length) return 'badDataFormat';
    if (derContent(bytes, version).toString('hex') !== '01') return 'badRequest';
    const [algorithm, digest] = derChildren(bytes, imprint);
    const [id] = algorithm ? derChildren(bytes, algorithm) : [];
    if (!id || !digest) return 'badDataFormat';
    const length = HASH_LENGTHS[derBytes(bytes, id).toString('hex')];
    if (length === undefined) return 'badAlg';
    if (digest.end - digest.contentStart !== length) return 'badDataFormat';
    const nonce = rest.find((value) => value.tag === 0x02);
    const certReq = rest.find((value) => value.tag === 0x01);
    return {
      imprint: derBytes(bytes, imprint),
      nonce: nonce ? derBytes(bytes, nonce) : null,
      certReq: certReq !== undefined && bytes[certReq.contentStart] !== 0,
    };
  } catch {
    return 'badDataFormat';
  }
}

function stamp(request: TimestampRequest, options: TsaOptions): Buffer {
  const authority = options.pki.entity(options.entity ?? 'tsa');
  const nonce = options.wrongNonce ? der.integer(randomBytes(8)) : request.nonce;
  const imprint = options.wrongImprint ? otherImprint() : request.imprint;
  const info = der.sequence(
    der.integer(1),
    der.oid(options.pki.policyOid),
    imprint,
    der.integer(randomBytes(8)),
    der.generalizedTime(options.now),
    der.sequence(der.integer(1)),
    ...(nonce ? [nonce] : []),
  );
  return signInfo(info, authority, request.certReq, options.now);
}

function otherImprint(): Buffer {
  return der.sequence(der.sequence(der.oid(oids.sha256)), der.octetString(randomBytes(32)));
}

function signInfo(info: Buffer, authority: PkiEntity, withCertificate: boolean, now: number): Buffer {
  const attributes = signedAttributes({
    digest: sha256(info),
    certificate: authority.certificate,
    contentType: oids.tstInfo,
    signingTime: now,
  });
  return assembleCms({
    certificate: authority.certificate,
    chain: withCertificate ? authority.chain : [],
    embedCertificate: withCertificate,
    attributes,
    signature: cryptoSign('sha256', attributes, authority.key),
    algorithm: authority.key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256',
    content: { type: oids.tstInfo, bytes: info },
  });
}

export interface TsaServerOptions {
  pki: Pki;
  clock: Clock;
  /** 0 picks a free one. */
  port?: number;
  /** Looked at for every request, so that a test can switch it: how to misbehave. */
  behaviour?: TsaBehaviour;
}

export interface TsaBehaviour {
  /** Wait before answering, milliseconds. */
  delay?: number;
  refuse?: Failure;
  /** Answer this HTTP status with no body. */
  status?: number;
  /** Answer bytes that are no TimeStampResp. */
  garbage?: boolean;
  wrongImprint?: boolean;
  wrongNonce?: boolean;
  entity?: string;
}

export interface RunningTsa {
  url: string;
  close(): Promise<void>;
}

/** A timestamping authority over HTTP (RFC 3161 §3.4) on 127.0.0.1. */
export async function startTsa(options: TsaServerOptions): Promise<RunningTsa> {
  const stopping = new AbortController();
  const server = createServer((request, response) => {
    void answer(request, response, options, stopping.signal).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      stopping.abort();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: TsaServerOptions,
  stopping: AbortSignal,
): Promise<void> {
  const { delay = 0, status, garbage, ...faults } = options.behaviour ?? {};
  const body = await readBody(request);
  if (delay > 0) await sleep(delay, stopping);
  if (status !== undefined) return void response.writeHead(status).end();
  if (request.method !== 'POST') return void response.writeHead(403).end();
  if (request.headers['content-type'] !== QUERY) return void response.writeHead(415).end();
  if (!body) return void response.writeHead(413).end();
  const reply = garbage
    ? Buffer.from('no timestamp')
    : tsaRespond(body, { pki: options.pki, now: options.clock.now(), ...faults });
  response.writeHead(200, { 'content-type': REPLY, 'content-length': reply.length }).end(reply);
}

async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_REQUEST) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
