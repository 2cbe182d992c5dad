import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { TrucError } from '../kernel/index.ts';
import { policyNames, type TrustStore, trustStore } from '../verification/index.ts';

export interface TrustOptions {
  trust?: string;
  certs?: string;
  crls?: string;
}

/** Adds the flags that say what is trusted and when. */
export function withTrust(command: Command): Command {
  return command
    .option('--trust <dir>', 'the only trust anchors (PEM or DER)')
    .option('--certs <dir>', 'untrusted intermediate certificates')
    .option('--crls <dir>', 'CRLs and OCSP responses')
    .addOption(
      new Option('--revocation <mode>', 'revocation data')
        .choices(['required', 'if-available', 'none'])
        .default('required'),
    )
    .option(
      '--policy <name-or-file>',
      `${policyNames.join(', ')}, or a policy file (schemas/policy)`,
      'cong-vu',
    )
    .option('--at <time>', 'time of validation (RFC 3339); now when absent');
}

/** The trust store of the folders given. @throws TrucError `cli.unreadable` */
export function trustFrom(options: TrustOptions): TrustStore {
  return trustStore({
    anchors: folder(options.trust),
    intermediates: folder(options.certs),
    crls: folder(options.crls),
  });
}

/** Contents of all files of a folder (or of one file). */
export function folder(path: string | undefined): Buffer[] {
  if (path === undefined) return [];
  if (!existsSync(path)) throw new TrucError('cli.unreadable', { file: path });
  if (!statSync(path).isDirectory()) return [readFileSync(path)];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file));
}
