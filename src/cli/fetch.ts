import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { sha256Hex } from '../kernel/index.ts';
import { withConnection } from './connection.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './output.ts';

export function fetchCommand(_done: (code: ExitCode) => void): Command {
  return withConnection(
    new Command('fetch').description('fetch a leased delivery, byte for byte as sent, and acknowledge it'),
  )
    .argument('<deliveryId>')
    .option('--out <file>', 'where to write (default: <deliveryId>.edxml)')
    .option('--no-ack', 'leave it leased')
    .option('--fail <reason>', 'acknowledge as failed instead of done')
    .action(async (deliveryId: string, options) => {
      const client = options.connect();
      const bytes = await client.content(deliveryId);
      const out = options.out ?? `${deliveryId}.edxml`;
      await writeFile(out, bytes);
      const sha256 = sha256Hex(bytes);
      if (options.fail) await client.acknowledge(deliveryId, 'fail', { reason: options.fail });
      else if (options.ack) await client.acknowledge(deliveryId, 'done', { sha256 });
      printJson({
        deliveryId,
        file: out,
        size: bytes.length,
        sha256,
        acknowledged: options.fail ? 'fail' : options.ack ? 'done' : null,
      });
    });
}
