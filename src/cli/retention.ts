import { Command } from 'commander';
import { type ConnectionOptions, connect, withConnection } from './connection.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './output.ts';

interface Periods {
  items: { period: string; state: string }[];
}

export function retentionCommand(done: (code: ExitCode) => void): Command {
  const command = new Command('retention').description(
    'content of a running axis by quarters, for its operator (--as admin): how long it is kept, and its end',
  );

  withConnection(command.command('list'))
    .description('one JSON line for each quarter: kept, expired or dropped, and until when it is kept')
    .action(async (options: ConnectionOptions) => {
      for (const item of (await periodsOf(options)).items) printJson(item);
    });

  withConnection(command.command('drop'))
    .description(
      'destroys the content of quarters whose time is over, each as a whole, with an entry in the ledger',
    )
    .argument('[period...]', 'such as 2026-Q4')
    .option('--expired', 'all whose time is over')
    .action(async (named: string[], options: ConnectionOptions & { expired?: boolean }) => {
      const client = connect(options);
      const expired = async () =>
        (await periodsOf(options)).items.filter((one) => one.state === 'expired').map((one) => one.period);
      const periods = options.expired ? await expired() : named;
      for (const period of periods)
        printJson(await client.post(`/v1/retention/${encodeURIComponent(period)}/drop`, {}));
      if (periods.length === 0 && !options.expired) done(2);
    });
  return command;
}

async function periodsOf(options: ConnectionOptions): Promise<Periods> {
  return JSON.parse((await connect(options).get('/v1/retention')).toString()) as Periods;
}
