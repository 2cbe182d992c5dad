/**
 * Who holds a certificate: an official with a title, or the seal of an agency. Times bound the validity of the
 * binding, since people change posts while certificates live on (NĐ 68/2024 art. 17).
 */
export interface CertificateBinding {
  /** SHA-256 of the certificate's DER, lower-case hexadecimal. */
  certificateSha256: string;
  kind: 'person' | 'agency';
  agencyId: string;
  /** Title of the official ("Chủ tịch"), null for a seal. */
  title: string | null;
  /** RFC 3339 UTC. */
  validFrom: string;
  validTo: string | null;
  /** The official as a person of this installation, where they are one. */
  personId?: string;
  /** When the certificate itself ends (RFC 3339 UTC), where it was known. */
  certificateTo?: string;
}
