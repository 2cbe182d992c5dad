import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A plain reverse proxy, as an operator puts before the nodes: in turn to those that say that they are ready. */
export interface Balancer {
  url: string;
  /** Nodes from now on; asked for readiness every `LOOK_MS`. */
  use(nodes: readonly BalancedNode[]): void;
  /** How many requests each node has answered. */
  answered(): ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

export interface BalancedNode {
  url: string;
  operationsUrl: string;
}

const LOOK_MS = 200;

export async function balancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const answered = new Map<string, number>();
  let nodes: readonly BalancedNode[] = [];
  let ready: readonly BalancedNode[] = [];
  let turn = 0;

  async function look(): Promise<void> {
    const states = await Promise.all(
      nodes.map(({ operationsUrl }) =>
        fetch(`${operationsUrl}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      ),
    );
    ready = nodes.filter((_, i) => states[i]);
  }
  const looking = setInterval(() => void look(), LOOK_MS);

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const start = turn++;
    // Where no node says that it is ready, all are asked, as proxies in the field do: a crowded machine answers late.
    const asked = ready.length > 0 ? ready : nodes;
    // A node that refuses the connection has seen nothing: the next one may have the request.
    for (let i = 0; i < asked.length; i++) {
      const node = asked[(start + i) % asked.length] as BalancedNode;
      if (await passTo(node, incoming, body, outgoing)) return;
    }
    outgoing.writeHead(502).end();
  }

  function passTo(
    node: BalancedNode,
    { method, url, headers }: IncomingMessage,
    body: Buffer,
    outgoing: ServerResponse,
  ): Promise<boolean> {
    return new Promise((resolve) => {
      const onward = request(`${node.url}${url}`, { method, agent, headers }, (answer) => {
        const { connection: _, 'keep-alive': __, ...kept } = answer.headers;
        outgoing.writeHead(answer.statusCode ?? 502, kept);
        answer.pipe(outgoing);
        answered.set(node.url, (answered.get(node.url) ?? 0) + 1);
        resolve(true);
      });
      onward.on('error', (error: NodeJS.ErrnoException) => {
        const closedMeanwhile = error.code === 'ECONNRESET' && onward.reusedSocket;
        if (error.code === 'ECONNREFUSED' || closedMeanwhile) return resolve(false);
        outgoing.destroy();
        resolve(true);
      });
      onward.end(body);
    });
  }

  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    use: (next) => {
      nodes = next;
      ready = next;
    },
    answered: () => answered,
    stop: async () => {
      clearInterval(looking);
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
