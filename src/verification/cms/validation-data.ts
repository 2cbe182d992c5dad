import { children, context, type DerNode, inner, open, TAG, wholeOf } from '../asn1/der-reader.ts';
import { OID } from '../asn1/oids.ts';
import { readCertificate } from '../certificate.ts';
import { readCrl } from '../crl.ts';
import { readOcsp } from '../ocsp.ts';
import type { EmbeddedData } from '../path.ts';
import { singleValue } from './attributes.ts';
import { attempt, type SignedData, type SignerInfo } from './signed-data.ts';

const MOST_VALUES = 200;

/**
 * Everything that a CMS brings for the validation of one signer, as untrusted material: certificates and revocation
 * data of the SignedData, certificate-values and revocation-values (EN 319 122-1 annex A.1.1), and Adobe's
 * RevocationInfoArchival among the signed attributes (ISO 32000-2 §12.8.3.3.2). Parts that cannot be read are left out.
 */
export function validationData(data: SignedData, signer: SignerInfo, outside: EmbeddedData): EmbeddedData {
  const values = signer.unsigned ? singleValue(signer.unsigned, OID.certificateValues) : null;
  const certificates = (values ? listOf(values) : []).flatMap(
    (one) => attempt(() => readCertificate(wholeOf(one))) ?? [],
  );
  const revocation = [
    ...revocationOf(signer.unsigned && singleValue(signer.unsigned, OID.revocationValues)),
    ...revocationOf(signer.signed && singleValue(signer.signed, OID.adobeRevocation)),
  ];
  return {
    ...outside,
    certificates: [...outside.certificates, ...certificates],
    crls: [...outside.crls, ...data.crls, ...revocation.flatMap(({ crls }) => crls)],
    ocsps: [...outside.ocsps, ...data.ocsps, ...revocation.flatMap(({ ocsps }) => ocsps)],
  };
}

/** Both forms are a SEQUENCE of CRLs under [0] and OCSP responses under [1]. */
function revocationOf(value: DerNode | null | undefined): Pick<EmbeddedData, 'crls' | 'ocsps'>[] {
  const read = value
    ? attempt(() => {
        const cursor = open(value, TAG.sequence);
        const crls = cursor.optional(context(0));
        const ocsps = cursor.optional(context(1));
        return {
          crls: (crls ? listOf(inner(crls)) : []).flatMap(
            (one) => attempt(() => readCrl(wholeOf(one))) ?? [],
          ),
          ocsps: (ocsps ? listOf(inner(ocsps)) : []).flatMap(
            (one) => attempt(() => readOcsp(wholeOf(one))) ?? [],
          ),
        };
      })
    : null;
  return read ? [read] : [];
}

function listOf(node: DerNode): DerNode[] {
  return attempt(() => children(node, MOST_VALUES)) ?? [];
}
