import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { type ClientOptions, type TrucClient, trucClient } from '../client/index.ts';
import { systemCode, TrucError } from '../kernel/index.ts';

interface CredentialsFile {
  url?: string;
  admin?: { username: string; password: string };
  agencies?: { code: string; clientId: string; clientSecret: string }[];
  clientId?: string;
  clientSecret?: string;
  /** Private key of the system, PEM, in place of a secret; beside this file unless absolute. */
  clientKeyFile?: string;
}

export interface ConnectionOptions {
  url?: string;
  credentials: string;
  as?: string;
}

/** Adds the flags that every client command has, and `connect()` to its options. */
export function withConnection(command: Command): Command {
  return command
    .option('--url <url>', 'public URL of the axis (default: the one in the credentials file)')
    .option(
      '--credentials <file>',
      'what `truc agency credentials` printed (its url may be added), or the demo credentials',
      './data/demo/credentials.json',
    )
    .option('--as <code>', 'agency to act as where the file holds several, or admin')
    .hook('preAction', (_outer, action) => {
      const options = action.opts<ConnectionOptions>();
      action.setOptionValue('connect', () => connect(options));
    });
}

/** @throws TrucError `cli.unreadable`, `cli.credentials`, `cli.usage` when nothing says where the axis is */
export function connect(options: ConnectionOptions): TrucClient {
  const file = readCredentials(options.credentials);
  const chosen = ownOf(file, options.credentials) ?? pick(file, options.as);
  const url = options.url ?? file.url;
  if (!url) throw new TrucError('cli.usage', { missing: '--url' });
  const { clientId, ...proof } = chosen;
  return trucClient({ url: url.replace(/\/+$/, ''), clientId, ...pickProof(proof) });
}

type Proof = Pick<ClientOptions, 'clientSecret' | 'clientKey'>;

function pickProof({ clientSecret, clientKey }: Proof): Proof {
  if (clientKey) return { clientKey };
  return clientSecret === undefined ? {} : { clientSecret };
}

function ownOf(
  { clientId, clientSecret, clientKeyFile }: CredentialsFile,
  path: string,
): (Proof & { clientId: string }) | null {
  if (!clientId || !(clientSecret || clientKeyFile)) return null;
  if (!clientKeyFile) return { clientId, ...(clientSecret ? { clientSecret } : {}) };
  return { clientId, clientKey: privateKey(resolve(dirname(path), clientKeyFile)) };
}

function privateKey(path: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(path));
  } catch (error) {
    throw new TrucError('cli.unreadable', { file: path, cause: systemCode(error) ?? '' }, error);
  }
}

function pick(file: CredentialsFile, code: string | undefined): Proof & { clientId: string } {
  if (code === 'admin' && file.admin)
    return { clientId: file.admin.username, clientSecret: file.admin.password };
  const agencies = file.agencies ?? [];
  const found =
    code === undefined && agencies.length === 1
      ? agencies[0]
      : agencies.find((agency) => agency.code === code);
  if (!found)
    throw new TrucError('cli.credentials', {
      wanted: code ?? '',
      known: agencies.map((agency) => agency.code),
    });
  return found;
}

function readCredentials(path: string): CredentialsFile {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as CredentialsFile;
  } catch (error) {
    throw new TrucError('cli.unreadable', { file: path }, error);
  }
}

/** Bytes of a file named on the command line. @throws TrucError `cli.unreadable` */
export async function readInput(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new TrucError('cli.unreadable', { file, cause: systemCode(error) ?? '' }, error);
  }
}
