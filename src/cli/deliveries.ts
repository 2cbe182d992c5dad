import { Command } from 'commander';
import { type ConnectionOptions, connect, withConnection } from './connection.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './output.ts';

const PAGE = 500;

interface Page {
  items: { deliveryId: string }[];
  next: string | null;
}

export function deliveriesCommand(_done: (code: ExitCode) => void): Command {
  const command = new Command('deliveries').description(
    'deliveries of a running axis, for its operator (--as admin): list, retry dead letters, cancel',
  );

  withConnection(command.command('list'))
    .description('one JSON line each, in order of deliveryId')
    .option('--state <state>', 'waiting, leased, done, failed or cancelled')
    .option('--recipient <code>', 'only those to this agency')
    .action(async (options: ConnectionOptions & { state?: string; recipient?: string }) => {
      const client = connect(options);
      for (let after: string | null = null; ; ) {
        const query = new URLSearchParams({ limit: String(PAGE) });
        if (options.state) query.set('state', options.state);
        if (options.recipient) query.set('recipient', options.recipient);
        if (after) query.set('after', after);
        const page = JSON.parse((await client.get(`/v1/deliveries?${query}`)).toString()) as Page;
        for (const item of page.items) printJson(item);
        if (page.next === null) break;
        after = page.next;
      }
    });

  const acts = {
    retry: 'offer dead letters again from now, with a new deadline',
    cancel: 'take back deliveries that nobody fetched',
  } as const;
  for (const [act, description] of Object.entries(acts)) {
    withConnection(command.command(act))
      .description(description)
      .argument('<deliveryId...>')
      .action(async (ids: string[], options: ConnectionOptions) => {
        const client = connect(options);
        for (const id of ids)
          printJson(await client.post(`/v1/deliveries/${encodeURIComponent(id)}/${act}`, {}));
      });
  }
  return command;
}
