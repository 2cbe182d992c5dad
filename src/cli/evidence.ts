import { Command } from 'commander';
import { verifyEvidence } from '../evidence/index.ts';
import { evidenceSentences } from '../messages/index.ts';
import { readInput } from './connection.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson, printLine } from './output.ts';

export function evidenceCommand(done: (code: ExitCode) => void): Command {
  const command = new Command('evidence').description('receipts and evidence packages');
  command
    .command('verify')
    .description('check a receipt (JSON) or an evidence package (ZIP) offline; exit 0 when all holds')
    .argument('<file>')
    .option('--vkey <vkey>', 'public key of the log; without it the file only proves that it fits itself')
    .option('--json', 'the verdict as JSON')
    .option('--lang <language>', 'vi or en', 'vi')
    .action(async (file: string, options) => {
      const bytes = await readInput(file);
      const verdict = await verifyEvidence(bytes, options.vkey ? { vkey: options.vkey } : {});
      if (options.json) printJson(verdict);
      else
        for (const line of evidenceSentences(verdict, options.lang === 'en' ? 'en' : 'vi')) printLine(line);
      done(verdict.ok ? 0 : 1);
    });
  return command;
}
