import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { systemClock } from '../kernel/index.ts';
import { exportPki, issuePki, testPkiDeclaration, toPem } from '../lab/index.ts';
import type { ExitCode } from './exit-code.ts';
import { printLine } from './output.ts';

export function pkiCommand(_done: (code: ExitCode) => void): Command {
  const command = new Command('pki').description(
    'the test PKI declared in certs/test-pki.yml; for laboratories only',
  );
  command
    .command('issue')
    .description(
      'issue it into a folder: trust/, certs/, crls/, entities/, and pki.json with the keys (mode 0600)',
    )
    .requiredOption('--out <dir>', 'folder to write into')
    .action(async (options) => {
      const pki = await issuePki(testPkiDeclaration(), { now: systemClock.now() });
      const write = (folder: string, name: string, text: string, mode = 0o644) => {
        mkdirSync(join(options.out, folder), { recursive: true });
        writeFileSync(join(options.out, folder, name), text, { mode });
      };
      pki.anchors.forEach((der, i) => {
        write('trust', `root-${i + 1}.pem`, toPem('CERTIFICATE', der));
      });
      pki.intermediates.forEach((der, i) => {
        write('certs', `ca-${i + 1}.pem`, toPem('CERTIFICATE', der));
      });
      pki.crls.forEach((der, i) => {
        write('crls', `crl-${i + 1}.pem`, toPem('X509 CRL', der));
      });
      for (const name of pki.names())
        write('entities', `${name}.pem`, toPem('CERTIFICATE', pki.entity(name).certificate));
      write('.', 'pki.json', JSON.stringify(exportPki(pki)), 0o600);
      printLine(`${pki.names().length} entities issued into ${options.out}`);
    });
  return command;
}
