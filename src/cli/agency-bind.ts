import { Command } from 'commander';
import { bindCertificate } from '../exchange/index.ts';
import { isoTime, systemClock, TrucError } from '../kernel/index.ts';
import { identityOf, readCertificateFile } from '../verification/index.ts';
import { readInput } from './connection.ts';
import { printJson } from './output.ts';
import { DATA_OPTION, withStores } from './store.ts';
import { timeOf } from './verify.ts';

/**
 * `truc agency bind`: says in the registry whose certificate it is, an official's with a title or an agency's seal
 * (NĐ 68/2024 art. 17). Binding it again from the same time replaces what was said.
 */
export function bindCommand(): Command {
  return new Command('bind')
    .description('bind a certificate to an official of an agency (--title) or to its seal (--seal)')
    .argument('<code>', 'the agency')
    .argument('<certificate>', 'PEM or DER')
    .option('--title <title>', 'title of the official, as documents say it: Chủ tịch, Phó Giám đốc')
    .option('--person <personId>', 'who the official is, as truc person registered them')
    .option('--seal', "the agency's own certificate")
    .option('--from <time>', 'first moment of the binding; the beginning of the certificate when not given')
    .option('--to <time>', 'its end, when the official leaves the post')
    .option('--data <dir>', DATA_OPTION)
    .action(async (code: string, file: string, options) => {
      const title: string | null = options.title ?? null;
      if ((title === null) === (options.seal !== true))
        throw new TrucError('cli.usage', { missing: '--title | --seal' });
      const identity = identityOf(readCertificateFile(await readInput(file)));
      await withStores(options.data, async (stores) => {
        const { agencies, persons } = stores;
        const agency = await agencies.resolve(code, systemClock.now());
        if (!agency) throw new TrucError('agency.unknown', { code });
        const personId: string | undefined = options.person;
        if (personId !== undefined && (title === null || !(await persons.get(personId))))
          throw new TrucError('agency.person-unknown', { personId });
        const binding = {
          certificateSha256: identity.certificateSha256,
          kind: title === null ? ('agency' as const) : ('person' as const),
          agencyId: agency.id,
          title,
          validFrom: options.from ? isoTime(timeOf(options.from)) : identity.notBefore,
          validTo: options.to ? isoTime(timeOf(options.to)) : null,
          certificateTo: identity.notAfter,
          ...(personId === undefined ? {} : { personId }),
        };
        await bindCertificate(binding, 'command-line', { ...stores, clock: systemClock });
        printJson({ code: agency.code, subject: identity.subject, ...binding });
      });
    });
}
