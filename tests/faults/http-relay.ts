import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sleep } from '../../src/kernel/index.ts';

/** What a relay does with what comes: passes it on, late, not at all, or answers writes as a full disk does. */
export type RelayMode = { kind: 'open' } | { kind: 'slow'; ms: number } | { kind: 'cut' } | { kind: 'full' };

export interface HttpRelay {
  port: number;
  set(mode: RelayMode): void;
  close(): Promise<void>;
}

/** An HTTP server that passes everything on to a port of this machine, unless it is told otherwise. */
export async function httpRelay(target: number): Promise<HttpRelay> {
  let mode: RelayMode = { kind: 'open' };
  const server = createServer(async (incoming, outgoing) => {
    if (mode.kind === 'cut') return void incoming.destroy();
    if (mode.kind === 'slow') await sleep(mode.ms);
    if (mode.kind === 'full' && incoming.method !== 'GET' && incoming.method !== 'HEAD') {
      incoming.resume();
      return void outgoing
        .writeHead(507, { 'content-type': 'application/xml' })
        .end('<Error><Code>InsufficientStorage</Code></Error>');
    }
    const onward = request(
      {
        host: '127.0.0.1',
        port: target,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.on('error', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      mode = next;
      if (next.kind === 'cut') server.closeAllConnections();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
