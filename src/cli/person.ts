import { Command } from 'commander';
import { type Agency, grantsAt, type Person, ROLES, type Role } from '../agency/index.ts';
import { settingsFrom } from '../app/index.ts';
import {
  endRole,
  giveRole,
  identifyPerson,
  lockPerson,
  type PeopleDesk,
  registerPerson,
  unlockPerson,
} from '../exchange/index.ts';
import { isoTime, systemClock, TrucError } from '../kernel/index.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './output.ts';
import { DATA_OPTION, withStores } from './store.ts';
import { timeOf } from './verify.ts';

const PAGE = 500;
const BY = 'command-line';

/** `truc person`: who may log in, and as what. */
export function personCommand(_done: (code: ExitCode) => void): Command {
  const command = new Command('person').description(
    'people who log in: of a stopped axis, or of running nodes on shared stores',
  );
  const withData = (child: Command) => child.option('--data <dir>', DATA_OPTION);

  withLogin(withData(command.command('add')))
    .description('register a person; print the id')
    .argument('<name>')
    .action(async (name: string, options) => {
      const subject = subjectOf(options);
      await withDesk(options.data, async (desk) =>
        show(await registerPerson({ name, subject }, BY, desk), desk),
      );
    });

  withData(command.command('list'))
    .description('print people, one JSON line each')
    .option('--agency <code>', 'only those who have or had a role there')
    .action((options) => withDesk(options.data, (desk) => listPeople(options.agency, desk)));

  withData(command.command('show'))
    .description('print one person, with all roles and open sessions')
    .argument('<personId>')
    .action((personId: string, options) =>
      withDesk(options.data, async (desk) => show(await known(personId, desk), desk)),
    );

  withData(command.command('role'))
    .description(`give a role (${ROLES.join(', ')}), or end it with --end`)
    .argument('<personId>')
    .argument('<role>')
    .option('--agency <code>', 'for every role but operator and auditor')
    .option('--title <title>', 'title in that agency, as documents say it')
    .option('--from <time>', 'first moment; now when not given')
    .option('--to <time>', 'its end, when it is known')
    .option('--end', 'end the role, now or at --to')
    .action((personId: string, role: string, options) =>
      withDesk(options.data, async (desk) => show(await changeRole(personId, role, options, desk), desk)),
    );

  withLogin(withData(command.command('identify')))
    .description('say by which login of the identity provider the person comes in; without --sub by none')
    .argument('<personId>')
    .action((personId: string, options) =>
      withDesk(options.data, async (desk) =>
        show(await identifyPerson(personId, subjectOf(options), BY, desk), desk),
      ),
    );

  for (const [name, act] of [
    ['lock', lockPerson],
    ['unlock', unlockPerson],
  ] as const)
    withData(command.command(name))
      .description(name === 'lock' ? 'lock a person out and end the sessions' : 'let the person in again')
      .argument('<personId>')
      .action((personId: string, options) =>
        withDesk(options.data, async (desk) => show(await act(personId, BY, desk), desk)),
      );
  return command;
}

function withLogin(command: Command): Command {
  return command
    .option('--sub <sub>', 'who the identity provider says that it is')
    .option('--issuer <url>', 'the identity provider (default: TRUC_OIDC_ISSUER)');
}

function subjectOf(options: { sub?: string; issuer?: string }): Person['subject'] {
  if (options.sub === undefined) return null;
  const issuer = options.issuer ?? settingsFrom({}).OIDC_ISSUER;
  if (!issuer) throw new TrucError('cli.usage', { missing: '--issuer | TRUC_OIDC_ISSUER' });
  return { issuer, sub: options.sub };
}

/** The entries of what is done here are written when the axis starts, or by the nodes that run. */
function withDesk(data: string | undefined, work: (desk: PeopleDesk) => Promise<void>): Promise<void> {
  return withStores(data, (stores) => work({ ...stores, clock: systemClock }), { make: true });
}

interface RoleOptions {
  agency?: string;
  title?: string;
  from?: string;
  to?: string;
  end?: true;
}

async function changeRole(
  personId: string,
  written: string,
  options: RoleOptions,
  desk: PeopleDesk,
): Promise<Person> {
  const role = ROLES.find((one) => one === written) as Role | undefined;
  if (!role) throw new TrucError('cli.usage', { missing: ROLES.join(' | ') });
  const now = systemClock.now();
  const agencyId = options.agency === undefined ? null : (await agencyOf(options.agency, desk)).id;
  if (options.end) {
    const at = isoTime(options.to ? timeOf(options.to) : now);
    return endRole(personId, { role, agencyId }, at, BY, desk);
  }
  const grant = {
    ...{ role, agencyId, title: options.title ?? null },
    validFrom: isoTime(options.from ? timeOf(options.from) : now),
    validTo: options.to ? isoTime(timeOf(options.to)) : null,
  };
  return giveRole(personId, grant, BY, desk);
}

async function agencyOf(code: string, { agencies }: PeopleDesk): Promise<Agency> {
  const agency = await agencies.resolve(code, systemClock.now());
  if (!agency) throw new TrucError('agency.unknown', { code });
  return agency;
}

async function known(personId: string, { persons }: PeopleDesk): Promise<Person> {
  const person = await persons.get(personId);
  if (!person) throw new TrucError('agency.person-unknown', { personId });
  return person;
}

async function listPeople(code: string | undefined, desk: PeopleDesk): Promise<void> {
  const narrowed = code === undefined ? {} : { agencyId: (await agencyOf(code, desk)).id };
  for (let after = ''; ; ) {
    const page = await desk.persons.list({ limit: PAGE, after, ...narrowed });
    for (const person of page) printJson(await viewOf(person, desk));
    if (page.length < PAGE) return;
    after = page.at(-1)?.personId as string;
  }
}

async function show(person: Person, desk: PeopleDesk): Promise<void> {
  const sessions = await desk.sessions.ofPerson(person.personId);
  const open = sessions.map(({ createdAt, lastSeenAt, expiresAt }) => ({ createdAt, lastSeenAt, expiresAt }));
  printJson({ ...(await viewOf(person, desk)), sessions: open });
}

/** With codes in place of ids; keys of the ledger stay in the store. */
async function viewOf(person: Person, { agencies }: PeopleDesk): Promise<object> {
  const { personId, name, subject, lockedSince, createdAt } = person;
  const inForce = grantsAt(person, systemClock.now());
  const roles = await Promise.all(
    person.grants.map(async (grant) => {
      const { agencyId, ...rest } = grant;
      const agency = agencyId === null ? null : ((await agencies.get(agencyId))?.code ?? agencyId);
      return { ...rest, agency, inForce: inForce.includes(grant) };
    }),
  );
  return { personId, name, subject, lockedSince, createdAt, roles };
}
