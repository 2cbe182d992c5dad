import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, type Log, TrucError } from '../kernel/index.ts';
import { type TrustStore, trustStore } from '../verification/index.ts';
import type { Config } from './config.ts';

const RENEW_MS = 60_000;

/** The trust folders of the configuration, read again every minute so that fresh CRLs count without a restart. */
export function trustFolders(trust: NonNullable<Config['trust']>, clock: Clock, log: Log): () => TrustStore {
  let current = readTrust(trust);
  let readAt = clock.now();
  return () => {
    if (clock.now() - readAt < RENEW_MS) return current;
    readAt = clock.now();
    try {
      current = readTrust(trust);
    } catch (error) {
      log.error({ error: String(error) }, 'trust folders cannot be read; the last state stays in force');
    }
    return current;
  };
}

function readTrust(trust: NonNullable<Config['trust']>): TrustStore {
  return trustStore({
    anchors: filesOf(trust.anchors),
    intermediates: trust.intermediates === null ? [] : filesOf(trust.intermediates),
    crls: trust.crls === null ? [] : filesOf(trust.crls),
  });
}

function filesOf(folder: string): Buffer[] {
  try {
    return (
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .sort()
        // Folders that an orchestrator mounts hold a hidden copy of every file under such names.
        .filter((name) => !name.startsWith('..'))
        .map((name) => join(folder, name))
        .filter((file) => statSync(file).isFile())
        .map((file) => readFileSync(file))
    );
  } catch (error) {
    throw new TrucError('app.config-invalid', { setting: 'TRUST_DIR', cause: 'unreadable', folder }, error);
  }
}
