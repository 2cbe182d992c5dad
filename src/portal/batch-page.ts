import { TrucError } from '../kernel/index.ts';
import { card, type Html, html, local } from '../rendering/index.ts';
import { mayStep, outgoingFile, rulesNow, signingTicket, type WorkFile } from '../workflow/index.ts';
import { say, type Visit } from './office.ts';
import { numberText } from './parts.ts';
import { showSigning } from './sign-page.ts';

/** As many as the signing window takes at once. */
const MOST_AT_ONCE = 50;
const ID = /^[0-9a-f-]{36}$/;
const ACTS = { approve: 'sign', seal: 'seal' } as const;
type BatchAct = keyof typeof ACTS;

/** Of the reader's files those that can be signed in one go, to choose from; null where there are not two. */
export function batchCard(files: readonly WorkFile[], visit: Visit): Html | null {
  const cards = (['approve', 'seal'] as const)
    .map((act) => choice(act, files, visit))
    .filter((one) => one !== null);
  return cards.length === 0 ? null : html`${cards}`;
}

function choice(act: BatchAct, files: readonly WorkFile[], visit: Visit): Html | null {
  const rules = rulesNow(visit.desk);
  const ready = files.filter(
    (file) => file.kind === 'outgoing' && mayStep(file, ACTS[act], visit.officer, rules),
  );
  if (ready.length < 2) return null;
  const boxes = ready.slice(0, MOST_AT_ONCE).map((file, i) => {
    const subject = file.kind === 'outgoing' ? file.letter.subject : '';
    const id = `${act}-${i}`;
    return html`<label class="choice" for="${id}"><input id="${id}" type="checkbox" name="id" value="${file.fileId}" checked><span>${file.line !== null && `${numberText(file)} – `}${subject}</span></label>`;
  });
  const button = say(act === 'seal' ? 'sealSeveral' : 'signSeveral', visit);
  return card(
    say('chooseSeveral', visit),
    html`<form class="form" method="get" action="${local(`/work/batch/${act}`)}"><fieldset class="field"><legend>${say('batchHint', visit)}</legend>${boxes}</fieldset>
<div><button class="button main" type="submit">${button}</button></div></form>`,
  );
}

/** GET /work/batch/{act}?id=…&id=…: the signing window for several documents. */
export async function batchPage(visit: Visit, name: unknown): Promise<void> {
  const act = actOf(name);
  const ids = idsOf(visit.request.query.id);
  const files = await Promise.all(ids.map((id) => outgoingFile(id, visit.officer.agencyId, visit.desk)));
  const ticket = `/work/batch/ticket/${act}?${ids.map((id) => `id=${id}`).join('&')}`;
  showSigning(visit, {
    word: act === 'seal' ? 'seal' : 'sign',
    lead: files.map(({ letter }) => letter.subject).join('; '),
    ticket,
    back: '/work',
    crumbs: [{ text: say('tasks', visit), href: '/work' }],
  });
}

/** POST /work/batch/ticket/{act}?id=…. */
export async function batchTicket(visit: Visit, name: unknown): Promise<void> {
  const { officer, desk, options, response, request } = visit;
  const files = idsOf(request.query.id).map((fileId) => ({ fileId, revision: null }));
  const origin = new URL(options.publicUrl).origin;
  const issued = await signingTicket({ files, actor: officer, act: actOf(name), origin }, desk);
  const { signingUrl } = options;
  response
    .status(201)
    .json({ ...issued, signingUrl, widgetUrl: `${signingUrl}/widget/v1/?client=truc-work` });
}

function actOf(name: unknown): BatchAct {
  if (name !== 'approve' && name !== 'seal') throw new TrucError('api.not-found');
  return name;
}

/** @throws TrucError `api.invalid-request` for none, too many, or what is no id */
function idsOf(given: unknown): string[] {
  const list: unknown[] = Array.isArray(given) ? given : [given];
  const ids = [...new Set(list.filter((one): one is string => typeof one === 'string' && ID.test(one)))];
  if (ids.length === 0 || ids.length !== list.length || ids.length > MOST_AT_ONCE)
    throw new TrucError('api.invalid-request');
  return ids;
}
