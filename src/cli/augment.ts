import { readFileSync, writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { targetGuard } from '../adapters/wire/target-guard.ts';
import { tsaFailover } from '../adapters/wire/tsa-failover.ts';
import { silentLog, systemClock, TrucError } from '../kernel/index.ts';
import { augmentFile } from '../signing/index.ts';
import { timestampFault, type VerificationContext } from '../verification/index.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './output.ts';
import { trustFrom, withTrust } from './trust.ts';
import { policyOf, timeOf } from './verify.ts';

export function augmentCommand(done: (code: ExitCode) => void): Command {
  return withTrust(
    new Command('augment').description(
      'add time-stamps and validation data to the signatures of a PDF, a CMS or an XML file, so that they can be proven for longer',
    ),
  )
    .argument('<file>', 'a PDF, CMS (DER) or XML file whose signatures pass')
    .requiredOption('--tsa <url...>', 'time-stamp authorities (RFC 3161) in order of preference')
    .requiredOption('--out <file>', 'where the new file goes; the old one stays as it is')
    .option('--detached <file>', 'the content of a detached CMS or XML signature')
    .addOption(
      new Option('--level <level>', 'level of EN 319 142-1, EN 319 122-1 or EN 319 132-1 to reach')
        .choices(['B-T', 'B-LT', 'B-LTA'])
        .default('B-LTA'),
    )
    .action(async (file: string, options) => {
      const policy = await policyOf(options.policy);
      const trust = trustFrom(options);
      const context = (): VerificationContext => ({
        trust,
        policy,
        at: timeOf(options.at),
        revocation: options.revocation,
      });
      const { bytes, report } = await augmentFile({
        file: readFile(file),
        ...(options.detached === undefined ? {} : { detached: readFile(options.detached) }),
        level: options.level,
        context,
        timestamp: tsaFailover({
          urls: options.tsa,
          // Whoever runs the command names the authority.
          guard: targetGuard({ allowed: ['0.0.0.0/0', '::/0'], own: () => [] }),
          clock: systemClock,
          log: silentLog,
          check: (token, digest) => timestampFault(token, digest, context()),
        }),
      });
      writeFileSync(options.out, bytes, { flag: 'wx' });
      const signatures = report.signatures.map(({ id, baseline, bestSignatureTime }) => ({
        id,
        baseline,
        bestSignatureTime,
      }));
      printJson({ file: options.out, indication: report.indication, sha256: report.sha256, signatures });
      done(0);
    });
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new TrucError('cli.unreadable', { file: path }, error);
  }
}
