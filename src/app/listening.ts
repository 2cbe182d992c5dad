import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { systemCode, TrucError } from '../kernel/index.ts';
import type { Config } from './config.ts';

/** Over TLS where the configuration has it. */
export function listener(config: Config): Server {
  const options = { requestTimeout: 300_000, headersTimeout: 20_000, keepAliveTimeout: 65_000 };
  if (config.tls === null) return createServer(options);
  return createTlsServer({
    ...options,
    cert: readFileSync(config.tls.cert),
    key: readFileSync(config.tls.key),
  });
}

/** @throws TrucError `app.port-taken`, `app.address-unusable` */
export function listen(server: Server, port: number, host: string, secure: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const cause = systemCode(error) ?? 'unknown';
      reject(
        cause === 'EADDRINUSE'
          ? new TrucError('app.port-taken', { port }, error)
          : new TrucError('app.address-unusable', { bind: host, port, cause }, error),
      );
    });
    server.listen(port, host, () => {
      const shown = host.includes(':') ? `[${host}]` : host;
      resolve(`${secure ? 'https' : 'http'}://${shown}:${address(server).port}`);
    });
  });
}

export function address(server: Server): { address: string; port: number } {
  const bound = server.address() as AddressInfo | null;
  return { address: bound?.address ?? '', port: bound?.port ?? 0 };
}

/** The server's port and a distance, or 0 (any) beyond the last port. */
export function nextPort(server: Server, distance: number): number {
  const { port } = address(server);
  return port + distance > 65_535 ? 0 : port + distance;
}

const IDLE_SWEEP_MS = 50;

/** Lets requests in flight finish; keep-alive connections are cut as they become idle, long polls end by the stopping signal. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
    const hard = setTimeout(() => server.closeAllConnections(), 10_000);
    hard.unref();
    server.on('close', () => {
      clearInterval(sweep);
      clearTimeout(hard);
    });
  });
}
