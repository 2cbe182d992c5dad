import { Command } from 'commander';
import { agenciesFromCsv, type ImportFault, type Scope } from '../agency/index.ts';
import { changeRegistry, isOriginPattern, lockAgency, registerSystem } from '../exchange/index.ts';
import { isTrucError, newSecret, sha256Hex, systemClock, TrucError } from '../kernel/index.ts';
import { bindCommand } from './agency-bind.ts';
import { clientKeys } from './client-keys.ts';
import { readInput } from './connection.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson, printLine } from './output.ts';
import { DATA_OPTION, withStores } from './store.ts';

const PAGE = 500;
const BY = 'command-line';
/** The commands that a new installation begins with. */
const MAY_BEGIN = { make: true };

export function agencyCommand(done: (code: ExitCode) => void): Command {
  const command = new Command('agency').description(
    'the registry: of a stopped axis, or of running nodes on shared stores',
  );
  const withData = (child: Command) => child.option('--data <dir>', DATA_OPTION);

  withData(command.command('import'))
    .description('import agencies from CSV: code,name,level,parent,old_code,valid_from,valid_to,successor')
    .argument('<file>')
    .action(async (file: string, options) => {
      const text = (await readInput(file)).toString('utf8');
      await withStores(
        options.data,
        async (stores) => {
          const { agencies } = stores;
          const known = new Map<string, string>();
          for (let after: string | undefined; ; ) {
            const page = await agencies.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
            for (const agency of page.agencies) known.set(agency.code, agency.id);
            if (page.next === null) break;
            after = page.next;
          }
          try {
            const drafts = agenciesFromCsv(text, known);
            const desk = { ...stores, clock: systemClock };
            const revision = await changeRegistry(drafts, 'import', BY, desk);
            printLine(`${drafts.length} agencies, registry revision ${revision}`);
          } catch (error) {
            if (!isTrucError(error, 'agency.import-invalid')) throw error;
            for (const fault of (error.facts.faults ?? []) as ImportFault[])
              printLine(`line ${fault.line}: ${fault.cause} "${fault.value}"`);
            printLine(`${error.facts.count} faults; nothing was imported`);
            done(1);
          }
        },
        MAY_BEGIN,
      );
    });

  withData(command.command('list'))
    .description('print agencies, one JSON line each')
    .option('--level <level>')
    .option('--query <text>')
    .action(async (options) => {
      await withStores(options.data, async ({ agencies }) => {
        for (let after: string | undefined; ; ) {
          const page = await agencies.list({
            limit: PAGE,
            ...(options.level ? { level: options.level } : {}),
            ...(options.query ? { text: options.query } : {}),
            ...(after === undefined ? {} : { after }),
          });
          for (const agency of page.agencies) printJson(agency);
          if (page.next === null) break;
          after = page.next;
        }
      });
    });

  withData(command.command('lock'))
    .description('lock or unlock an agency: nothing can be sent to it while it is locked')
    .argument('<code>')
    .option('--unlock', 'open it again')
    .action(async (code: string, options) => {
      await withStores(options.data, async (stores) => {
        const locked = options.unlock !== true;
        const agency = await lockAgency(code, locked, BY, { ...stores, clock: systemClock });
        printLine(`${agency.code} ${locked ? 'locked' : 'open'}`);
      });
    });

  command.addCommand(bindCommand());

  withData(command.command('credentials'))
    .description(
      'register a document system for agencies; its secret is shown once, and replaces the one that it had',
    )
    .argument('<clientId>')
    .argument('[code...]', 'agencies that it speaks for')
    .option('--admin', 'operator rights instead: deliveries, webhooks, held documents, settings')
    .option('--consents', 'instead: put consents of citizens to the reuse of results on record')
    .option(
      '--key <file>',
      'public key of the system (PEM, JWK or JWK Set): it proves itself with it and gets no secret',
    )
    .option(
      '--signing-origin <origin...>',
      'origins of its pages that may frame the signing widget; it may then have documents signed',
    )
    .action(async (clientId: string, codes: string[], options) => {
      const signingOrigins: string[] = options.signingOrigin ?? [];
      const faulty = signingOrigins.find((origin) => !isOriginPattern(origin));
      if (faulty !== undefined) throw new TrucError('cli.usage', { missing: `origin: ${faulty}` });
      await withStores(
        options.data,
        async (stores) => {
          const { agencies } = stores;
          const agencyIds: string[] = [];
          for (const code of codes) {
            const agency = await agencies.resolve(code, systemClock.now());
            if (!agency) throw new TrucError('agency.unknown', { code });
            agencyIds.push(agency.id);
          }
          const keys = options.key ? clientKeys(await readInput(options.key), options.key) : null;
          const clientSecret = keys ? null : newSecret();
          if (codes.length === 0 && !options.admin && !options.consents)
            throw new TrucError('cli.usage', { missing: 'code' });
          const scopes = scopesFor(options);
          const signs = signingOrigins.length > 0;
          const system = {
            clientId,
            name: clientId,
            secretSha256: clientSecret === null ? '' : sha256Hex(clientSecret),
            ...(keys ? { keys } : {}),
            agencyIds,
            scopes: [...scopes, ...(signs ? (['sign'] as const) : [])],
            disabledAt: null,
            ...(signs ? { signingOrigins } : {}),
          };
          await registerSystem(system, BY, { ...stores, clock: systemClock });
          printJson(keys ? { clientId, keys: keys.map(({ kid }) => kid) } : { clientId, clientSecret });
        },
        MAY_BEGIN,
      );
    });
  return command;
}

function scopesFor(options: { admin?: boolean; consents?: boolean }): Scope[] {
  if (options.consents) return ['consents'];
  return options.admin ? ['admin', 'inbox', 'verify'] : ['documents.send', 'inbox', 'statuses', 'verify'];
}
