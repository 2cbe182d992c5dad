import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { tsaClient } from '../src/adapters/wire/tsa-client.ts';
import { configFrom, makeLog, type RunningDemo, startDemo } from '../src/app/index.ts';
import { type TrucClient, trucClient } from '../src/client/index.ts';
import { checkStores } from '../src/exchange/index.ts';
import { sleep, systemClock } from '../src/kernel/index.ts';
import {
  type DemoCredentials,
  edxmlOf,
  letterOrder,
  type Pki,
  readCredentials,
  signedLetter,
  startTsa,
} from '../src/lab/index.ts';
import { auditLog } from '../src/ledger/index.ts';
import type { TimestampClient } from '../src/signing/index.ts';

/** A whole axis with its demo agencies, in this process, over real HTTP and a real data folder. */
export interface World {
  url: string;
  dataDir: string;
  demo: RunningDemo;
  credentials: DemoCredentials;
  /** A document system that speaks for the agency. */
  as(code: string): TrucClient;
  /** edXML bytes of a really signed letter; numbers grow, so every letter is another document. */
  letter(from: string, to: string[], options?: { subject?: string; priority?: number }): Promise<Buffer>;
  /** A request with a bearer token, for what the client does not offer. */
  fetch(code: string, path: string, init?: RequestInit): Promise<Response>;
  timestamp: TimestampClient;
  /** Nothing lost, nothing twice, ledger whole: stores and ledger agree, and the log replays from its public tiles. */
  audit(): Promise<void>;
  /** Stops and starts again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

let number = 100;

export async function world(settings: Record<string, string> = {}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'truc-world-'));
  const config = configFrom(
    { PORT: '0', OPERATIONS_PORT: '0', DATA: dataDir, LOG_LEVEL: 'silent', ...settings },
    true,
  );
  const open = () => startDemo({ config, log: makeLog('silent'), tell: () => {}, everyMs: 0 });
  let demo = await open();
  const post = await letters(demo.pki);
  const credentialsNow = () => readCredentials(demo.folder) as DemoCredentials;
  const credentialsOf = (code: string) => {
    const found = credentialsNow().agencies.find((one) => one.code === code);
    if (found) return found;
    const { admin } = credentialsNow();
    return { clientId: admin.username, clientSecret: admin.password };
  };

  const self: World = {
    get url() {
      return demo.url;
    },
    dataDir,
    get demo() {
      return demo;
    },
    get credentials() {
      return credentialsNow();
    },
    as: (code) => trucClient({ url: demo.localUrl, ...credentialsOf(code) }),
    letter: post.letter,
    fetch: async (code, path, init = {}) => {
      const { clientId, clientSecret } = credentialsOf(code);
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      });
      const answer = (await (
        await fetch(`${demo.localUrl}/oauth/token`, { method: 'POST', body })
      ).json()) as {
        access_token: string;
      };
      return fetch(`${demo.localUrl}${path}`, {
        ...init,
        headers: {
          ...(init.headers as Record<string, string>),
          authorization: `Bearer ${answer.access_token}`,
        },
      });
    },
    timestamp: post.timestamp,
    audit: async () => {
      // A push that began before may be between its step and its entry.
      for (let look = 0; look < 100 && (await demo.stations.events.pending(1)).length > 0; look++)
        await sleep(100);
      const report = await checkStores(demo.stores);
      expect(report.faults).toEqual([]);
      const log = await auditLog(fetchLog(demo.localUrl), { vkey: demo.vkey });
      expect({ ok: log.ok, size: log.size }).toEqual({ ok: true, size: report.entries });
    },
    restart: async () => {
      await demo.stop();
      demo = await open();
    },
    stop: async () => {
      await demo.stop();
      await post.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return self;
}

/** A desk that writes really signed letters of the demo's agencies. */
export interface Letters {
  letter: World['letter'];
  timestamp: TimestampClient;
  stop(): Promise<void>;
}

export async function letters(pki: Pki): Promise<Letters> {
  const tsa = await startTsa({ pki, clock: systemClock });
  const timestamp = tsaClient({ url: tsa.url });
  return {
    timestamp,
    letter: async (from, to, { subject = 'V/v thử nghiệm', priority = 0 } = {}) => {
      const order = letterOrder({ from, to, number: ++number, subject, priority }, systemClock.now());
      return edxmlOf(order, await signedLetter(order, pki, timestamp));
    },
    stop: () => tsa.close(),
  };
}

export function fetchLog(url: string): (path: string) => Promise<Buffer | null> {
  return async (path) => {
    const response = await fetch(`${url}/ledger/${path}`);
    return response.ok ? Buffer.from(await response.arrayBuffer()) : null;
  };
}

/** A sample file of the demo. */
export function sample(world: World, name: string): Buffer {
  return readFileSync(join(world.dataDir, 'demo', 'samples', name));
}
