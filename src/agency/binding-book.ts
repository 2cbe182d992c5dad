import type { CertificateBinding } from './binding.ts';

/** Bindings of certificates to officials and seals. Durable on return; reads see the last completed write. */
export interface BindingBook {
  /** All bindings of one certificate, oldest first. */
  of(certificateSha256: string): Promise<CertificateBinding[]>;
  /** Those of one agency, the newest first. */
  ofAgency(agencyId: string, limit: number): Promise<CertificateBinding[]>;
  put(bindings: CertificateBinding[]): Promise<void>;
}
