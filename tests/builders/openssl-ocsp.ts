import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { toPem } from '../../src/lab/index.ts';
import type { Party } from './forged-pki.ts';
import { freePort } from './listening.ts';

export interface ResponderOptions {
  openssl: string;
  authority: Party;
  /** Certificate and key that sign the answers. */
  responder: Party;
  good: readonly Party[];
  revoked?: readonly Party[];
  /** A free one where not given. */
  port?: number;
  /** Minutes for which an answer holds. */
  minutes?: number;
  /** Further arguments of `openssl ocsp`. */
  more?: readonly string[];
}

/** `openssl ocsp` as a responder over the index of its own `openssl ca`, on 127.0.0.1. */
export async function opensslResponder(options: ResponderOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'truc-ocsp-'));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const { authority, responder, good, revoked = [] } = options;
  const index = [
    ...good.map((one) => `V\t401231235959Z\t\t${numberOf(one)}\tunknown\t/CN=x`),
    ...revoked.map(
      (one) => `R\t401231235959Z\t250101000000Z,keyCompromise\t${numberOf(one)}\tunknown\t/CN=x`,
    ),
  ];
  const port = options.port ?? (await freePort());
  const child = spawn(
    options.openssl,
    [
      'ocsp',
      ...['-index', file('index.txt', `${index.join('\n')}\n`)],
      ...['-CA', file('ca.pem', toPem('CERTIFICATE', authority.certificate))],
      ...['-rsigner', file('responder.pem', toPem('CERTIFICATE', responder.certificate))],
      ...['-rkey', file('key.pem', responder.key.export({ type: 'pkcs8', format: 'pem' }).toString())],
      ...['-port', String(port), '-nmin', String(options.minutes ?? 60), '-ignore_err'],
      ...(options.more ?? []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  await untilListening(child);
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}

function numberOf({ certificate }: Party): string {
  return new X509Certificate(certificate).serialNumber;
}

/** It says so itself; a connection that asks nothing would keep it busy. */
async function untilListening(child: ChildProcess): Promise<void> {
  let said = '';
  const streams = [child.stdout, child.stderr] as Readable[];
  await new Promise<void>((ready, failed) => {
    for (const stream of streams)
      stream.on('data', (chunk: Buffer) => {
        said += chunk;
        if (/waiting for OCSP client connections/i.test(said)) ready();
      });
    child.once('exit', () => failed(new Error(`openssl ocsp ended: ${said}`)));
  });
}
