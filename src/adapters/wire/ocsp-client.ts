import { digestOf } from '../../kernel/index.ts';
import { der } from '../../signing/index.ts';
import type { FetchOcsp, OcspQuestion } from '../../verification/index.ts';
import { type FetchOptions, fetching } from './fetching.ts';

const REQUEST_TYPE = 'application/ocsp-request';
const RESPONSE_TYPE = 'application/ocsp-response';
const SHA1 = '1.3.14.3.2.26';
const NONCE = '1.3.6.1.5.5.7.48.1.2';
const MOST_BYTES = 1024 * 1024;
const TIMEOUT_MS = 30_000;
/** Servers that take no POST; some of them answer GET (RFC 6960 appendix A.1). */
const POST_REFUSED = ['http-405', 'http-411', 'http-501'];

/** OCSP over HTTP: by POST, and by GET where a server takes no POST. */
export function ocspClient(options: FetchOptions): FetchOcsp {
  const asking = {
    limit: options.limit ?? MOST_BYTES,
    timeout: options.timeout ?? TIMEOUT_MS,
    isType: (type: string) => type.startsWith(RESPONSE_TYPE),
  };
  return async (url, question) => {
    const body = ocspRequest(question);
    const headers = { 'content-type': REQUEST_TYPE, accept: RESPONSE_TYPE };
    const answer = await fetching({ ...asking, url, method: 'POST', headers, body }, options);
    if (answer.outcome !== 'failed' || !POST_REFUSED.includes(answer.reason)) return answer;
    const path = encodeURIComponent(body.toString('base64'));
    const get = `${url.replace(/\/$/, '')}/${path}`;
    return fetching({ ...asking, url: get, method: 'GET', headers: { accept: RESPONSE_TYPE } }, options);
  };
}

/**
 * An OCSPRequest (RFC 6960 §4.1.1) for one certificate, DER, unsigned, with a nonce (RFC 9654). The certificate is
 * named by SHA-1, which every responder knows (RFC 5019 §2.1.1): a name, not a proof.
 */
export function ocspRequest({ certificate, issuer, nonce }: OcspQuestion): Buffer {
  const id = der.sequence(
    der.sequence(der.oid(SHA1), der.derNull),
    der.octetString(digestOf('sha1', certificate.issuer.der)),
    der.octetString(digestOf('sha1', issuer.keyOctets)),
    der.tlv(0x02, certificate.numberBytes),
  );
  const extension = der.sequence(der.oid(NONCE), der.octetString(der.octetString(Buffer.from(nonce))));
  return der.sequence(der.sequence(der.sequence(der.sequence(id)), der.explicit(2, der.sequence(extension))));
}
