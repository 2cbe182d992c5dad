import { Command } from 'commander';
import { checkConformance } from '../edxml/index.ts';
import { systemClock } from '../kernel/index.ts';
import { edxmlFaultSentence } from '../messages/index.ts';
import { readInput } from './connection.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson, printLine } from './output.ts';

export function edxmlCommand(done: (code: ExitCode) => void): Command {
  const command = new Command('edxml').description('edXML files');
  command
    .command('check')
    .description('name every fault of edXML files at once; exit 1 when any has an error')
    .argument('<file...>')
    .option('--json', 'one JSON object per file')
    .option('--lang <language>', 'vi or en', 'vi')
    .action(async (files: string[], options) => {
      let right = true;
      for (const file of files) {
        const report = checkConformance(await readInput(file), { now: systemClock.now() });
        right &&= report.ok;
        if (options.json) {
          printJson({ file, ...report });
          continue;
        }
        printLine(`${file}: ${report.ok ? 'OK' : 'LỖI / FAULTY'}`);
        for (const fault of report.faults) {
          printLine(
            `  ${fault.severity === 'error' ? '✗' : '!'} ${fault.code} ${edxmlFaultSentence(fault, options.lang === 'en' ? 'en' : 'vi')}`,
          );
        }
      }
      done(right ? 0 : 1);
    });
  return command;
}
