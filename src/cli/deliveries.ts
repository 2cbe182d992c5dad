import { Command } from 'commander';
import { cancelled, retried, type TransportState } from '../delivery/index.ts';
import { systemClock, TrucError } from '../kernel/index.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson, printLine } from './output.ts';
import { withStores } from './store.ts';

const PAGE = 500;
const DEADLINE_DAYS = 7;

export function deliveriesCommand(done: (code: ExitCode) => void): Command {
  const command = new Command('deliveries').description(
    'deliveries of a stopped axis: list, retry dead letters, cancel',
  );
  const withData = (child: Command) => child.option('--data <dir>', 'data folder', './data');

  withData(command.command('list'))
    .option('--state <state>', 'waiting, leased, done, failed or cancelled')
    .action(async (options) => {
      await withStores(options.data, async ({ deliveries }) => {
        for (let after = ''; ; ) {
          const page = await deliveries.list({
            ...(options.state ? { state: options.state as TransportState } : {}),
            after,
            limit: PAGE,
          });
          for (const delivery of page) printJson(delivery);
          if (page.length < PAGE) break;
          after = page.at(-1)?.deliveryId ?? '';
        }
      });
    });

  withData(command.command('retry'))
    .description('offer dead letters again')
    .argument('<deliveryId...>')
    .action(async (ids: string[], options) => {
      await withStores(options.data, async ({ deliveries }) => {
        for (const deliveryId of ids) {
          const delivery = await deliveries.get(deliveryId);
          if (!delivery) throw new TrucError('delivery.unknown', { deliveryId });
          if (delivery.state !== 'failed') {
            printLine(`${deliveryId} is ${delivery.state}, not failed`);
            done(1);
            continue;
          }
          await deliveries.replace(retried(delivery, systemClock.now(), DEADLINE_DAYS), []);
          printLine(`${deliveryId} waiting`);
        }
      });
    });

  withData(command.command('cancel'))
    .description('take back deliveries that nobody fetched; the ledger entry follows when the axis starts')
    .argument('<deliveryId...>')
    .action(async (ids: string[], options) => {
      await withStores(options.data, async ({ deliveries, documents }) => {
        const { pendingEvent } = await import('../exchange/index.ts');
        for (const deliveryId of ids) {
          const delivery = await deliveries.get(deliveryId);
          if (!delivery) throw new TrucError('delivery.unknown', { deliveryId });
          const step = cancelled(delivery, systemClock.now());
          const document = await documents.get(delivery.documentId);
          if (!step || !document?.ledgerKey) {
            printLine(`${deliveryId} cannot be cancelled any more`);
            done(1);
            continue;
          }
          const subject = {
            id: document.documentId,
            ledgerDoc: document.ledgerDoc,
            ledgerKey: document.ledgerKey,
          };
          const facts = { recipient: delivery.recipientCode, delivery: deliveryId, by: 'operator' };
          const happening = {
            type: 'delivery.cancelled' as const,
            actorId: null,
            recipientId: delivery.recipientId,
            facts,
            distinct: deliveryId,
          };
          await deliveries.replace(step.next, [pendingEvent(subject, happening, systemClock.now())]);
          printLine(`${deliveryId} cancelled`);
        }
      });
    });
  return command;
}
