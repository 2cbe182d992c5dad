import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { TrucError } from '../../kernel/index.ts';
import { entitySchema } from './declaration.ts';
import type { PkiErrorCode } from './errors.ts';
import { IssuedPki, type Pki } from './issue.ts';

const exportSchema = z.strictObject({
  version: z.literal(1),
  issuedAt: z.number(),
  policyOid: z.string(),
  entities: z.array(
    z.strictObject({
      name: z.string(),
      issuedAt: z.number(),
      declaration: entitySchema,
      /** PEM. */
      certificate: z.string(),
      /** PKCS #8, PEM. */
      privateKey: z.string(),
    }),
  ),
});

/** A PKI as plain JSON, private keys in clear: whoever writes it to disk uses mode 0600. */
export type ExportedPki = z.output<typeof exportSchema>;

/** Everything that `loadPki` needs; CRLs are left out, because they are issued anew. */
export function exportPki(pki: Pki): ExportedPki {
  return {
    version: 1,
    issuedAt: pki.issuedAt,
    policyOid: pki.policyOid,
    entities: pki.names().map((name) => {
      const { declaration, issuedAt, certificate, key } = pki.entity(name);
      return {
        name,
        issuedAt,
        declaration,
        certificate: toPem('CERTIFICATE', certificate),
        privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    }),
  };
}

/**
 * The exported PKI again, with CRLs issued as of `now`.
 * @throws TrucError `lab.pki-export-invalid`
 */
export function loadPki(exported: unknown, options: { now: number }): Pki {
  const result = exportSchema.safeParse(exported);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new TrucError<PkiErrorCode>('lab.pki-export-invalid', { path: (issue?.path ?? []).join('.') });
  }
  const pki = new IssuedPki(result.data.issuedAt, result.data.policyOid);
  for (const { name, declaration, certificate, privateKey, issuedAt } of result.data.entities) {
    pki.keep(name, declaration, new X509Certificate(certificate).raw, createPrivateKey(privateKey), issuedAt);
  }
  pki.issueCrls(options.now);
  return pki;
}

/** PEM (RFC 7468) of DER bytes under the given label, such as `CERTIFICATE` or `X509 CRL`. */
export function toPem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
