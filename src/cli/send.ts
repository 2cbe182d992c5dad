import { Command } from 'commander';
import { readInput, withConnection } from './connection.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './output.ts';

export function sendCommand(_done: (code: ExitCode) => void): Command {
  return withConnection(new Command('send').description('send edXML files to an axis; repeating it is safe'))
    .argument('<file...>', 'edXML files')
    .action(async (files: string[], options) => {
      for (const file of files) {
        const answer = await options.connect().send(await readInput(file));
        printJson({
          file,
          documentId: answer.documentId,
          state: answer.state,
          legalValue: answer.legalValue,
          indication: answer.verification.indication,
        });
      }
    });
}
