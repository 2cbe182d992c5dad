import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';

export interface Listening {
  /** `http://127.0.0.1:PORT` */
  url: string;
  server: Server;
  close(): Promise<void>;
}

/** An HTTP server on a free port of this machine that answers like this. */
export async function listening(answer: RequestListener): Promise<Listening> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const LOWEST_PORT = 20_000;
const PORTS = 12_000;

/**
 * A port that was free a moment ago, as were the two after it, for programs that cannot pick theirs themselves. Below the
 * range out of which systems take ports for outgoing connections: nobody else comes by it by chance.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST_PORT + randomInt(PORTS);
    const taken = await Promise.all([port, port + 1, port + 2].map(isTaken));
    if (!taken.includes(true)) return port;
  }
}

async function isTaken(port: number): Promise<boolean> {
  const server = createTcpServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return true;
  }
  await new Promise((done) => server.close(done));
  return false;
}
