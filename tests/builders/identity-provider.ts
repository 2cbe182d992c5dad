import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** A real OpenID Connect provider (npm `oidc-provider`) over HTTP, whose login page takes any user name. */
export interface TestProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Makes the axis known to it. */
  serve(publicUrl: string): void;
  /** Answers nothing but 503 until it is called with false. */
  away(is: boolean): void;
  close(): Promise<void>;
}

export async function testProvider({ endsSessions = true } = {}): Promise<TestProvider> {
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown = notThere;
  let away = false;
  const server = createServer((request, response) => (away ? notThere : handle)(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [clientId, clientSecret] = ['truc', 'a secret of the test provider'];
  return {
    issuer,
    clientId,
    clientSecret,
    serve: (publicUrl) => {
      const provider = new Provider(issuer, {
        clients: [
          {
            client_id: clientId,
            client_secret: clientSecret,
            redirect_uris: [`${publicUrl}/login/callback`],
            post_logout_redirect_uris: [`${publicUrl}/logout/done`],
          },
        ],
        cookies: { keys: ['test'] },
        pkce: { required: () => true },
        features: { rpInitiatedLogout: { enabled: endsSessions } },
        findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, name: `Ông ${sub}` }) }),
      });
      handle = provider.callback();
    },
    away: (is) => {
      away = is;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function notThere(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503).end();
}
