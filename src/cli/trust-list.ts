import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { TrucError } from '../kernel/index.ts';
import { policyNames, policyOfList, readTrustedList, type TrustedList } from '../verification/index.ts';
import type { ExitCode } from './exit-code.ts';
import { printLine } from './output.ts';
import { folder } from './trust.ts';
import { timeOf } from './verify.ts';

export function trustCommand(_done: (code: ExitCode) => void): Command {
  const command = new Command('trust').description('trust anchors of an authority that publishes a list');
  command
    .command('import')
    .description(
      'read a trusted list (ETSI TS 119 612) into anchors/ and policy.json; an older one is refused',
    )
    .argument('<list>', 'XML file')
    .requiredOption('--signer <dir>', 'certificates that may sign the list, or anchors above them')
    .requiredOption('--out <dir>', 'folder to write into')
    .option('--base <policy>', `policy whose other rules hold: ${policyNames.join(', ')}`, 'dich-vu-cong')
    .option('--at <time>', 'time of reading (RFC 3339); now when absent')
    .action((file: string, options) => {
      const [bytes] = folder(file);
      const list = readTrustedList(bytes ?? Buffer.alloc(0), folder(options.signer), timeOf(options.at));
      const policy = policyOfList(list, `${options.base}-${list.sequence}`, options.base);
      refuseOlder(options.out, list);
      write(options.out, list, policy);
      printLine(`${list.operator}: no. ${list.sequence}, ${list.services.length} services → ${options.out}`);
    });
  return command;
}

/** An old list put in the place of a new one would bring back authorities that were struck off. */
function refuseOlder(out: string, { sequence }: TrustedList): void {
  const file = join(out, 'sequence');
  const known = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (sequence < known)
    throw new TrucError('verification.trusted-list-refused', { cause: `${sequence} < ${known}` });
}

function write(out: string, { services, sequence }: TrustedList, policy: object): void {
  const anchors = join(out, 'anchors');
  rmSync(anchors, { recursive: true, force: true });
  mkdirSync(anchors, { recursive: true });
  for (const { certificate } of services)
    writeFileSync(join(anchors, `${certificate.sha256}.crt`), certificate.der);
  writeFileSync(join(out, 'policy.json'), `${JSON.stringify(policy, null, 2)}\n`);
  writeFileSync(join(out, 'sequence'), `${sequence}\n`);
}
