import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { policyOf } from '../app/index.ts';
import { TrucError } from '../kernel/index.ts';
import { type Certificate, identityOf, judgePath, readCertificateFile } from '../verification/index.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson, printLine } from './output.ts';
import { trustFrom, withTrust } from './trust.ts';
import { timeOf } from './verify.ts';

export function pathCommand(done: (code: ExitCode) => void): Command {
  return withTrust(new Command('path').description('judge a certificate alone (RFC 5280)'))
    .argument('<cert>', 'certificate, PEM or DER')
    .option('--policy-oid <oid...>', 'acceptable certificate policies')
    .option('--explicit-policy', 'initial-explicit-policy')
    .option('--inhibit-any', 'initial-any-policy-inhibit')
    .option('--inhibit-mapping', 'initial-policy-mapping-inhibit')
    .option('--json', 'one JSON object')
    .action((file: string, options) => {
      const context = {
        trust: trustFrom(options),
        policy: policyOf(options.policy),
        at: timeOf(options.at),
        revocation: options.revocation,
      };
      const verdict = judgePath(readCertificateFile(read(file)), context, {
        policyInputs: {
          policies: options.policyOid ?? [],
          explicitPolicy: options.explicitPolicy === true,
          inhibitAny: options.inhibitAny === true,
          inhibitMapping: options.inhibitMapping === true,
        },
      });
      if (options.json)
        printJson({
          indication: verdict.indication,
          subIndication: verdict.subIndication,
          chain: verdict.chain.map(subjectAndSha256),
          errors: verdict.errors,
        });
      else
        printLine(
          `${verdict.indication}${verdict.subIndication ? `/${verdict.subIndication}` : ''} ${verdict.errors.join(', ')}`,
        );
      done(verdict.indication === 'TOTAL_PASSED' ? 0 : 1);
    });
}

function subjectAndSha256(certificate: Certificate) {
  const { subject, certificateSha256 } = identityOf(certificate);
  return { subject, sha256: certificateSha256 };
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new TrucError('cli.unreadable', { file }, error);
  }
}
