import type { BindingBook, CertificateBinding } from '../../agency/index.ts';
import type { Database } from './database.ts';

export function bindingBook(database: Database): BindingBook {
  return {
    of: async (certificateSha256) =>
      database.read
        .all(
          'SELECT record FROM bindings WHERE certificate_sha256 = ? ORDER BY valid_from',
          certificateSha256,
        )
        .map((row) => JSON.parse(row.record as string) as CertificateBinding),
    ofAgency: async (agencyId, limit) =>
      database.read
        .all(
          `SELECT record FROM bindings WHERE agency_id = ?
             ORDER BY valid_from DESC, certificate_sha256 DESC LIMIT ?`,
          agencyId,
          limit,
        )
        .map((row) => JSON.parse(row.record as string) as CertificateBinding),
    put: (bindings) =>
      database.write((db) => {
        for (const binding of bindings) {
          db.run(
            `INSERT INTO bindings VALUES (?, ?, ?, ?)
             ON CONFLICT (certificate_sha256, agency_id, valid_from) DO UPDATE SET record = excluded.record`,
            binding.certificateSha256,
            binding.agencyId,
            binding.validFrom,
            JSON.stringify(binding),
          );
        }
      }),
  };
}
