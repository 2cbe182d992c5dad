import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { rateLimiter } from '../../src/adapters/embedded/rate-limiter.ts';
import { openidProvider } from '../../src/adapters/wire/openid-provider.ts';
import { assetRoutes } from '../../src/api/index.ts';
import { type DemoLogin, loginRoutes } from '../../src/api/login.ts';
import { sendPage } from '../../src/api/pages.ts';
import { agenciesOf, peopleService, personOf, requirePerson } from '../../src/api/people.ts';
import { errorHandler } from '../../src/api/problem.ts';
import { makeLog } from '../../src/app/index.ts';
import { manualClock } from '../../src/kernel/index.ts';
import { html } from '../../src/rendering/index.ts';
import type { TestProvider } from './identity-provider.ts';
import { weakStores } from './weak-stores.ts';

export interface PeopleGate {
  url: string;
  stores: ReturnType<typeof weakStores>;
  clock: ReturnType<typeof manualClock>;
  close(): Promise<void>;
}

/**
 * The gate of people alone on weak stores, with `/clerks` for clerks, `/all` for everybody and `/desk`, a page in the frame.
 * @param start what its clock says; the provider judges by the machine's
 */
export async function peopleGate(
  provider: TestProvider | null,
  start: number,
  demoLogin: DemoLogin | null = null,
): Promise<PeopleGate> {
  const stores = weakStores();
  const clock = manualClock(start);
  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const people = peopleService({ persons: stores.persons, sessions: stores.sessions, publicUrl: url, clock });
  app.use(
    loginRoutes({
      ...{ people, persons: stores.persons, demoLogin, clock },
      provider: provider && openidProvider({ ...provider, timeoutSeconds: 2 }),
      key: generateKeyPairSync('ed25519').privateKey,
      limiter: rateLimiter(),
      log: makeLog('silent'),
    }),
  );
  app.all('/clerks', requirePerson(people, 'clerk', 'agency-admin'), (_request, response) => {
    const caller = personOf(response);
    response.json({ name: caller.person.name, csrf: caller.csrf, agencies: agenciesOf(caller, 'clerk') });
  });
  app.get('/all', requirePerson(people), (_request, response) => {
    response.json({ name: personOf(response).person.name });
  });
  app.get('/desk', requirePerson(people), (request, response) => {
    const { person, csrf } = personOf(response);
    const signOut = { action: '/logout', csrf };
    const area = { name: 'Bàn làm việc', href: '/desk' };
    const frame = { area, person: { name: person.name, role: 'Văn thư', signOut } };
    sendPage(request, response, frame, { title: 'Bàn làm việc', body: html`<p>…</p>` });
  });
  app.use(assetRoutes());
  app.use(errorHandler(makeLog('silent')));
  provider?.serve(url);
  return {
    url,
    stores,
    clock,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
