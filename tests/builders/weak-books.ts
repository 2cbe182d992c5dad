import type {
  BindingBook,
  CertificateBinding,
  ClientBook,
  ClientSystem,
  Endpoint,
  EndpointBook,
} from '../../src/agency/index.ts';
import { byText, slowPort } from './weak-port.ts';

/** Writes into a list: in the place of the row that stands for the same thing, or at the end. */
function replaceIn<Row>(rows: Row[], row: Row, same: (one: Row) => boolean): void {
  const at = rows.findIndex(same);
  if (at < 0) rows.push(row);
  else rows[at] = row;
}

export function weakBindings(): BindingBook {
  const rows: CertificateBinding[] = [];
  return slowPort<BindingBook>({
    of: (sha256) =>
      rows.filter((one) => one.certificateSha256 === sha256).sort(byText((one) => one.validFrom)),
    ofAgency: (agencyId, limit) =>
      rows
        .filter((one) => one.agencyId === agencyId)
        .sort(
          byText(
            (one) => one.validFrom,
            (one) => one.certificateSha256,
          ),
        )
        .reverse()
        .slice(0, limit),
    put: (bindings) => {
      for (const row of bindings)
        replaceIn(
          rows,
          row,
          (one) =>
            one.certificateSha256 === row.certificateSha256 &&
            one.agencyId === row.agencyId &&
            one.validFrom === row.validFrom,
        );
    },
  });
}

export function weakClients(): ClientBook {
  const rows: ClientSystem[] = [];
  return slowPort<ClientBook>({
    find: (clientId) => rows.find((one) => one.clientId === clientId) ?? null,
    put: (client) => replaceIn(rows, client, (one) => one.clientId === client.clientId),
    list: () => rows,
  });
}

export function weakEndpoints(): EndpointBook {
  const rows: Endpoint[] = [];
  return slowPort<EndpointBook>({
    of: (agencyId) => rows.find((one) => one.agencyId === agencyId) ?? null,
    put: (endpoint) => replaceIn(rows, endpoint, (one) => one.agencyId === endpoint.agencyId),
    list: () => rows,
  });
}
