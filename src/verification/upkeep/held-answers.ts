import { isTrucError, type Log } from '../../kernel/index.ts';
import { type Crl, readCrl } from '../crl.ts';
import { type OcspResponse, readOcsp } from '../ocsp.ts';
import { type TrustStore, withRevocation } from '../trust-store.ts';
import type { RevocationShelf, SourceState } from './revocation-shelf.ts';

/** What a node has read of the shelf: verdicts rest on this and never wait for the shelf or the network. */
export interface HeldAnswers {
  /** The same trust with the held CRLs and OCSP responses beside its own. */
  over(trust: TrustStore): TrustStore;
  /** Reads what has changed on the shelf. @returns true when something did */
  renew(): Promise<boolean>;
  /** The sources as last read. */
  states(): readonly SourceState[];
}

type Parsed = { crl: Crl } | { ocsp: OcspResponse };

/** Empty until its first `renew`. */
export function heldAnswers(shelf: RevocationShelf, log: Log): HeldAnswers {
  let states: SourceState[] = [];
  let parsed = new Map<string, Parsed>();
  let last: { base: string; store: TrustStore } | null = null;

  async function load({ key, kind, held }: SourceState): Promise<Parsed | null> {
    const der = held && (await shelf.read(key, held.sha256));
    if (!der) return null;
    try {
      return kind === 'crl' ? { crl: readCrl(der) } : { ocsp: readOcsp(der) };
    } catch (error) {
      if (!isTrucError(error)) throw error;
      log.error({ key, error: String(error) }, 'held revocation data cannot be read');
      return null;
    }
  }

  return {
    over: (trust) => {
      if (parsed.size === 0) return trust;
      if (last?.base === trust.id) return last.store;
      const all = [...parsed.values()];
      const crls = all.flatMap((one) => ('crl' in one ? [one.crl] : []));
      const ocsps = all.flatMap((one) => ('ocsp' in one ? [one.ocsp] : []));
      last = { base: trust.id, store: withRevocation(trust, crls, ocsps) };
      return last.store;
    },
    renew: async () => {
      const found = await shelf.states();
      const next = new Map<string, Parsed>();
      let changed = false;
      for (const state of found) {
        if (!state.held) continue;
        const name = `${state.key} ${state.held.sha256}`;
        const known = parsed.get(name);
        const one = known ?? (await load(state));
        // Read in the moment in which another node replaced it: the next time.
        if (!one) continue;
        changed ||= !known;
        next.set(name, one);
      }
      changed ||= next.size !== parsed.size;
      states = found;
      if (changed) {
        parsed = next;
        last = null;
      }
      return changed;
    },
    states: () => states,
  };
}
