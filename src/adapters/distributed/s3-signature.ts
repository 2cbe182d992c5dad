import { hmacSha256, sha256Hex } from '../../kernel/index.ts';

export interface S3Keys {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
}

export interface SignedRequest {
  method: string;
  /** As it is sent: each segment percent-encoded, no query. */
  path: string;
  /** Names in lower case; all are signed. `host`, `x-amz-date` and `x-amz-content-sha256` must be among them. */
  headers: Readonly<Record<string, string>>;
}

/**
 * The `Authorization` header of AWS Signature Version 4 for S3 (Amazon S3 API Reference, "Authenticating Requests: Using
 * the Authorization Header").
 */
export function authorizationOf({ method, path, headers }: SignedRequest, keys: S3Keys): string {
  const names = Object.keys(headers).sort();
  const signed = names.join(';');
  const lines = names.map((name) => `${name}:${(headers[name] as string).trim()}\n`).join('');
  const request = `${method}\n${path}\n\n${lines}\n${signed}\n${headers['x-amz-content-sha256']}`;
  const time = headers['x-amz-date'] as string;
  const scope = `${time.slice(0, 8)}/${keys.region}/s3/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256Hex(request)}`;
  const signature = hmacSha256(signingKey(keys, scope), text).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope},SignedHeaders=${signed},Signature=${signature}`;
}

function signingKey({ secretAccessKey }: S3Keys, scope: string): Buffer {
  return scope
    .split('/')
    .reduce<Uint8Array>(
      (key, part) => hmacSha256(key, part),
      Buffer.from(`AWS4${secretAccessKey}`),
    ) as Buffer;
}

/** A key as a path: every byte but letters, digits, `-._~` and the slash is percent-encoded. */
export function pathOf(key: string): string {
  const reserved = /[!'()*]/g;
  const encoded = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  return key
    .split('/')
    .map((part) => encodeURIComponent(part).replace(reserved, encoded))
    .join('/');
}
