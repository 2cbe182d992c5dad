import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { isoTime, systemClock } from '../../kernel/index.ts';
import { authorizationOf, pathOf, type S3Keys } from './s3-signature.ts';

/** What S3 said of the bytes that it took; undefined where it said nothing. */
export interface TakenDigests {
  /** base64 */
  sha256: string | undefined;
  etag: string | undefined;
}

export interface DirectPut {
  /**
   * @param digest SHA-256 of the bytes
   * @returns null where S3 did not take them at the first attempt: somebody more patient has to try
   */
  put(key: string, bytes: Uint8Array, digest: Buffer): Promise<TakenDigests | null>;
  close(): void;
}

/** Without a word from S3 for so long, the attempt is given up. */
const SILENCE_MS = 10_000;
const MOST_SOCKETS = 50;

/**
 * The one request that every document needs, without the SDK, whose many layers cost a node several times what the request
 * itself does (docs/decisions/0024). Whatever is not a plain success is left to the SDK: other attempts, clocks
 * that differ, redirections.
 * @param endpoint address of the server, for buckets named in the path
 */
export function directPut(endpoint: URL, bucket: string, keys: S3Keys): DirectPut {
  const secure = endpoint.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: MOST_SOCKETS };
  const agent = secure ? new SecureAgent(options) : new Agent(options);
  const send = secure ? secureRequest : request;

  function attempt(path: string, bytes: Uint8Array, headers: Record<string, string>) {
    return new Promise<IncomingHttpHeaders | null>((resolve) => {
      const fail = () => resolve(null);
      const { hostname, port } = endpoint;
      // A name, or an address in brackets that a socket takes without them.
      const host = hostname.replace(/^\[|\]$/g, '');
      const sending = send(
        { agent, method: 'PUT', host, port, path, headers, timeout: SILENCE_MS },
        (answer) => {
          answer.on('error', fail);
          answer.on('close', fail);
          answer.on('end', () => resolve(answer.statusCode === 200 ? answer.headers : null));
          answer.resume();
        },
      );
      sending.on('error', fail);
      sending.on('timeout', () => sending.destroy());
      sending.end(bytes);
    });
  }

  return {
    put: async (key, bytes, digest) => {
      const path = pathOf(`/${bucket}/${key}`);
      const signed = {
        host: endpoint.host,
        'x-amz-checksum-sha256': digest.toString('base64'),
        'x-amz-content-sha256': digest.toString('hex'),
        'x-amz-date': isoTime(systemClock.now()).replace(/[-:]|\.\d+/g, ''),
      };
      const authorization = authorizationOf({ method: 'PUT', path, headers: signed }, keys);
      const length = { 'content-length': String(bytes.length) };
      const answer = await attempt(path, bytes, { ...signed, ...length, authorization });
      if (answer === null) return null;
      const sha256 = answer['x-amz-checksum-sha256'];
      return { sha256: typeof sha256 === 'string' ? sha256 : undefined, etag: answer.etag };
    },
    close: () => agent.destroy(),
  };
}
