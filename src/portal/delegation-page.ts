import { officialPseudonym } from '../agency/index.ts';
import { registerDelegation, withdrawDelegation } from '../exchange/index.ts';
import { isoTime, parseVietnamTime, TrucError } from '../kernel/index.ts';
import { badge, card, dataTable, emptyState, type Html, html, selectField } from '../rendering/index.ts';
import { DELEGATION_KINDS, type Delegation } from '../signing/index.ts';
import { checkRole, officeCaller, rulesNow, type WorkProblemCode } from '../workflow/index.ts';
import { dateOrNull, personOfAgency, text } from './fields.ts';
import { type Official, officialsOf, say, show, type Visit } from './office.ts';
import { actForm, day, personText, textInput, when } from './parts.ts';

const MOST = 200;
const DAY_MS = 86_400_000;

/** /work/delegations: by what right somebody signs TL. or TUQ. (NĐ 30/2020 art. 13.3, 13.4). */
export async function delegationsPage(visit: Visit): Promise<void> {
  const { officer, desk } = visit;
  const delegations = await desk.delegations.of(officer.agencyId, MOST);
  const officials = await officialsOf(officer.agencyId, desk);
  const columns = [
    { title: say('kind', visit) },
    { title: say('whom', visit) },
    { title: say('scope', visit) },
    { title: say('legalBasis', visit) },
    { title: say('validFrom', visit) },
    { title: say('validTo', visit) },
    { title: say('state', visit) },
  ];
  const rows = delegations.map((one) => [
    html`${say(one.kind, visit)}<span class="under">${one.fromTitle}</span>`,
    whom(one, officials),
    one.scope,
    one.legalBasis,
    vietnamDay(one.validFrom),
    one.validTo === null ? '–' : vietnamDay(isoTime(Date.parse(one.validTo) - 1)),
    one.withdrawnAt !== undefined
      ? html`${badge('bad', say('withdrawn', visit))}<span class="under">${when(one.withdrawnAt)}</span>`
      : inForce(one, desk.clock.now())
        ? badge('good', say('inForce', visit))
        : badge('none', say('notInForce', visit)),
  ]);
  const open = delegations.filter((one) => mayWithdraw(one, visit));
  const withdrawals =
    open.length > 0 &&
    card(
      say('withdrawDelegation', visit),
      html`<p class="quiet small">${say('withdrawHint', visit)}</p><div class="stack">${open.map((one) => withdrawal(one, whom(one, officials), visit))}</div>`,
    );
  const table =
    rows.length === 0
      ? emptyState(say('nothing', visit), '')
      : dataTable(say('delegations', visit), columns, rows);
  const form = officer.roles.includes('leader') && card(say('newDelegation', visit), actForm(visit, 'delegations', {
    button: say('record', visit),
    body: html`${selectField('kind', say('kind', visit), 'TUQ', DELEGATION_KINDS.map((kind) => [kind, say(kind, visit)] as const))}
${selectField('whom', say('whom', visit), '', officials.filter(({ id }) => id !== officer.id).map((one) => [one.id, personText(one)] as const))}
${textInput('fromTitle', 'fromTitle', say('fromTitle', visit), officer.title, { required: true })}
${textInput('scope', 'scope', say('scope', visit), '', { required: true })}
${textInput('legalBasis', 'legalBasis', say('legalBasis', visit), '', { required: true })}
<div class="pair">${textInput('validFrom', 'validFrom', say('validFrom', visit), '', { type: 'date', required: true })}
${textInput('validTo', 'validTo', say('validTo', visit), '', { type: 'date', hint: say('validToHint', visit) })}</div>`,
  })); // biome-ignore format: one card
  show(visit, {
    title: say('delegations', visit),
    lead: visit.agency.name,
    body: html`<div class="stack"><section class="card flush">${table}</section>${form}${withdrawals}</div>`,
  });
}

/** POST /work/delegations. The leader gives it; days are Vietnam's, the last one whole. */
export async function recordDelegation(visit: Visit): Promise<void> {
  const { request, officer, desk, response } = visit;
  checkRole('delegate', officer, rulesNow(desk));
  const kind = DELEGATION_KINDS.find((one) => one === text(request, 'kind', 10));
  const from = dateOrNull(request, 'validFrom');
  const to = dateOrNull(request, 'validTo');
  if (!kind || from === null) throw new TrucError('api.invalid-request');
  const officials = await officialsOf(officer.agencyId, desk);
  const { id: personId } = personOfAgency(text(request, 'whom', 40), officials);
  const words = {
    fromTitle: text(request, 'fromTitle', 200),
    scope: text(request, 'scope', 1_000),
    legalBasis: text(request, 'legalBasis', 500),
  };
  if (Object.values(words).includes('')) throw new TrucError<WorkProblemCode>('work.reason-missing');
  const delegation = {
    ...words,
    agency: visit.agency.code,
    kind,
    to: { personId },
    validFrom: isoTime(startOf(from)),
    validTo: to === null ? null : isoTime(startOf(to) + DAY_MS),
    passesOn: null,
  };
  await registerDelegation(delegation, officeCaller(officer.agencyId), desk);
  response.redirect(303, '/work/delegations');
}

/** A leader takes back what is in force or to come. */
function mayWithdraw({ withdrawnAt, validTo }: Delegation, { officer, desk }: Visit): boolean {
  const over = validTo !== null && Date.parse(validTo) <= desk.clock.now();
  return officer.roles.includes('leader') && withdrawnAt === undefined && !over;
}

function withdrawal({ delegationId, kind, scope, legalBasis }: Delegation, to: string, visit: Visit): Html {
  const id = `reason-${delegationId}`;
  return html`<details class="more"><summary>${kind}. ${to} – ${scope} (${legalBasis})</summary>${actForm(
    visit,
    `delegations/${delegationId}/withdraw`,
    {
      button: say('withdraw', visit),
      kind: 'danger',
      body: html`${textInput(id, 'reason', say('reason', visit), '', { required: true })}`,
    },
  )}</details>`;
}

/** POST /work/delegations/{id}/withdraw. */
export async function withdraw(visit: Visit, delegationId: string): Promise<void> {
  const { request, officer, desk, response } = visit;
  checkRole('delegate', officer, rulesNow(desk));
  const reason = text(request, 'reason', 1_000);
  if (reason === '') throw new TrucError<WorkProblemCode>('work.reason-missing');
  const by = officialPseudonym(officer.id, officer.agencyId, isoTime(desk.clock.now()));
  await withdrawDelegation({ delegationId, reason, by }, officeCaller(officer.agencyId), desk);
  response.redirect(303, '/work/delegations');
}

function startOf(date: string): number {
  return parseVietnamTime(date.replaceAll('-', '/')) ?? 0;
}

function inForce({ validFrom, validTo }: Delegation, now: number): boolean {
  return Date.parse(validFrom) <= now && (validTo === null || Date.parse(validTo) > now);
}

function whom({ to }: Delegation, officials: readonly Official[]): string {
  const found = officials.find(({ id }) => id === to.personId);
  return found ? personText(found) : (to.serialNumber ?? to.uid ?? to.certificateSha256 ?? '');
}

function vietnamDay(iso: string): string {
  const vietnam = Date.parse(iso) + 7 * 3_600_000;
  return day(isoTime(vietnam).slice(0, 10));
}
