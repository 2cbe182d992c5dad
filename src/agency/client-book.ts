import type { ClientSystem } from './client.ts';

/** Systems that may authenticate. Durable on return; reads see the last completed write. */
export interface ClientBook {
  find(clientId: string): Promise<ClientSystem | null>;
  put(client: ClientSystem): Promise<void>;
  list(): Promise<ClientSystem[]>;
}
