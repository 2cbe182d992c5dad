import type { Endpoint } from './endpoint.ts';

/** Webhook endpoints, one per agency. Durable on return; reads see the last completed write. */
export interface EndpointBook {
  of(agencyId: string): Promise<Endpoint | null>;
  put(endpoint: Endpoint): Promise<void>;
  list(): Promise<Endpoint[]>;
}
