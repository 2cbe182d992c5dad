import { Command } from 'commander';
import { withConnection } from './connection.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './output.ts';

export function statusCommand(_done: (code: ExitCode) => void): Command {
  return withConnection(
    new Command('status').description(
      'report a business status (01 … 06, 13, 15, 16), or show a document without one',
    ),
  )
    .argument('<documentId>')
    .argument('[code]', 'two digits')
    .option('--description <text>', 'reason or remark', '')
    .action(async (documentId: string, code: string | undefined, options) => {
      const client = options.connect();
      if (code !== undefined) {
        printJson(await client.status({ documentId, code, description: options.description }));
        return;
      }
      printJson(JSON.parse((await client.get(`/v1/documents/${encodeURIComponent(documentId)}`)).toString()));
    });
}
