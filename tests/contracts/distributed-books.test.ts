import { afterEach } from '@jest/globals';
import mongoose from 'mongoose';
import { AGENCY_PLANS, agencyDirectory } from '../../src/adapters/distributed/agency-directory.ts';
import { BINDING_PLANS, bindingBook } from '../../src/adapters/distributed/binding-book.ts';
import { CLIENT_PLANS, clientBook } from '../../src/adapters/distributed/client-book.ts';
import { openMongo } from '../../src/adapters/distributed/database.ts';
import { ENDPOINT_PLANS, endpointBook } from '../../src/adapters/distributed/endpoint-book.ts';
import { newId } from '../../src/kernel/index.ts';
import { describeWithServices, services } from '../services.ts';
import { agencyDirectoryContract } from './agency-directory.contract.ts';
import { bindingBookContract } from './binding-book.contract.ts';
import { clientBookContract } from './client-book.contract.ts';
import { endpointBookContract } from './endpoint-book.contract.ts';

const PLANS = [...AGENCY_PLANS, ...BINDING_PLANS, ...CLIENT_PLANS, ...ENDPOINT_PLANS];
const used = new Set<string>();
const open: { close(): Promise<void> }[] = [];

/** One node with a database of its own, or with the one named. */
async function node(name = `truc-test-${newId()}`) {
  const database = await openMongo(services().mongoUrl, name, PLANS);
  open.push(database);
  used.add(name);
  return {
    agencies: agencyDirectory(database),
    bindings: bindingBook(database),
    clients: clientBook(database),
    endpoints: endpointBook(database),
  };
}

async function server() {
  const connection = await mongoose.createConnection(services().mongoUrl).asPromise();
  open.push(connection);
  return connection.getClient();
}

afterEach(async () => {
  if (used.size > 0) {
    const client = await server();
    for (const name of used) await client.db(name).dropDatabase();
    used.clear();
  }
  for (const one of open.splice(0)) await one.close();
});

describeWithServices('the books of agencies on MongoDB', () => {
  agencyDirectoryContract('MongoDB', async () => (await node()).agencies);
  bindingBookContract('MongoDB', async () => (await node()).bindings);
  clientBookContract('MongoDB', async () => (await node()).clients);
  endpointBookContract('MongoDB', async () => (await node()).endpoints);
});
