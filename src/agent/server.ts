import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { systemCode, TrucError } from '../kernel/index.ts';
import { type AgentParts, Conversation } from './conversation.ts';
import type { AgentErrorCode } from './errors.ts';

/** Requests are digests and names; documents are fetched. */
const MOST_BYTES = 128 * 1024;
const MOST_CONNECTIONS = 8;

export interface RunningAgent {
  port: number;
  close(): Promise<void>;
}

/**
 * Listens on this machine alone, and speaks with pages of the allowed origins only: who else connects is refused before a word.
 * @throws TrucError `agent.port-taken`
 */
export async function startAgent(
  parts: AgentParts,
  { port, origins }: { port: number; origins: readonly string[] },
): Promise<RunningAgent> {
  const server = createServer((_request, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES });
  server.on('upgrade', (request, socket, head) => {
    const { origin = '' } = request.headers;
    if (!origins.includes(origin) || sockets.clients.size >= MOST_CONNECTIONS) {
      if (origin) parts.memory.audit('origin-refused', { origin: origin.slice(0, 200) });
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const conversation = new Conversation(origin, parts, (text) => opened.send(text));
      // One after the other: answers are in the order of the questions.
      let before: Promise<void> = Promise.resolve();
      opened.on('message', (data, isBinary) => {
        if (isBinary) opened.close();
        else before = before.then(() => conversation.hear(data.toString()));
      });
      opened.on('error', () => opened.terminate());
      opened.on('close', () => conversation.end());
      conversation.greet();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const taken = systemCode(error) === 'EADDRINUSE';
      reject(taken ? new TrucError<AgentErrorCode>('agent.port-taken', { port }, error) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => {
      for (const one of sockets.clients) one.terminate();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
