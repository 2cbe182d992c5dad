import type { FetchCrl } from '../../verification/index.ts';
import { type FetchOptions, fetching } from './fetching.ts';

/** Vietnam's and Europe's largest lists have some tens of megabytes. */
const MOST_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 120_000;

/** CRLs over HTTP (RFC 5280 §4.2.1.13), asked for only when they have changed (RFC 9110 §13). */
export function crlClient(options: FetchOptions): FetchCrl {
  return (url, held) =>
    fetching(
      {
        url,
        method: 'GET',
        headers: {
          accept: 'application/pkix-crl, application/x-pkcs7-crl;q=0.8, */*;q=0.1',
          ...(held?.etag ? { 'if-none-match': held.etag } : {}),
          ...(held?.lastModified ? { 'if-modified-since': held.lastModified } : {}),
        },
        limit: options.limit ?? MOST_BYTES,
        timeout: options.timeout ?? TIMEOUT_MS,
        // Authorities serve lists as all kinds of octets; a page for people is none of them.
        isType: (type) => !/^(text\/html|application\/xhtml)/.test(type),
      },
      options,
    );
}
