import { createServer, connect as dial, type Server, type Socket } from 'node:net';

/** A way to a server that a test can cut and open again. */
export interface TcpRelay {
  /** Where it listens on 127.0.0.1; the same after every opening. */
  port: number;
  open(): Promise<void>;
  /**
   * Nothing passes any more, and nobody is told, until it is cut.
   * @param what whether new connections are taken and pass nothing either
   */
  silence(what?: 'open ones' | 'new ones too'): void;
  /** Connections end and new ones are refused. */
  cut(): Promise<void>;
}

/** Opened, towards host and port. */
export async function tcpRelay(host: string, port: number): Promise<TcpRelay> {
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  let silent = false;

  const relay = (socket: Socket) => {
    const onward = dial(port, host);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      if (!silent) one.pipe(other);
    }
  };

  const way: TcpRelay = {
    port: 0,
    open: async () => {
      const opened = createServer(relay);
      server = opened;
      await new Promise<void>((resolve) => opened.listen(way.port, '127.0.0.1', resolve));
      way.port = (opened.address() as { port: number }).port;
    },
    silence: (what = 'open ones') => {
      silent = what === 'new ones too';
      for (const socket of sockets) socket.unpipe().pause();
    },
    cut: async () => {
      const closed = new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
      for (const socket of sockets) socket.destroy();
      await closed;
      server = null;
      silent = false;
    },
  };
  await way.open();
  return way;
}
