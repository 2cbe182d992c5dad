import type { Agency } from '../agency/index.ts';
import type { Priority } from '../document/index.ts';
import { newId, TrucError } from '../kernel/index.ts';
import { URGENCY_WORDS } from '../messages/index.ts';
import { type Html, html, local, selectField } from '../rendering/index.ts';
import { CAPACITIES } from '../signing/index.ts';
import {
  editLetter,
  incomingFile,
  type OutgoingFile,
  openOutgoing,
  outgoingFile,
  type WorkProblemCode,
} from '../workflow/index.ts';
import { composed, newDraft, newText, type Wanted } from './compose.ts';
import { dateOrNull, lines, personOfAgency, revision, text, texts } from './fields.ts';
import { type Official, officialsOf, say, show, type Visit } from './office.ts';
import { personText, textArea, textInput } from './parts.ts';

/** A registry of this many agencies is shown as a list to choose from; of a larger one the codes are typed. */
const CHOSEN_FROM = 300;
const ID = /^[0-9a-f-]{36}$/;
export const MOST_RECIPIENTS = 500;
/** Characters of a letter that is set in type here: 20,000 take 0.4 s of a processor and fill 13 pages. */
const LONGEST_TEXT = 20_000;

/** GET /work/outgoing/new and …/{id}/edit. */
export async function draftPage(visit: Visit, fileId: string | null): Promise<void> {
  const { officer, desk, request } = visit;
  const file = fileId === null ? null : await outgoingFile(fileId, officer.agencyId, desk);
  const asked = typeof request.query.answers === 'string' ? request.query.answers : '';
  const answers = file?.letter.answers ?? (ID.test(asked) ? asked : null);
  const source = answers === null ? null : await incomingFile(answers, officer.agencyId, desk);
  const officials = await officialsOf(officer.agencyId, desk);
  const { agencies, next } = await desk.agencies.list({ limit: CHOSEN_FROM });
  const to = file?.letter.to ?? (source ? [source.from] : []);
  const choices =
    next === null ? agencies.filter(({ id, validTo }) => id !== officer.agencyId && validTo === null) : [];
  const delegations = (await desk.delegations.of(officer.agencyId, 100)).filter(
    ({ withdrawnAt }) => withdrawnAt === undefined,
  );
  const body = html`<section class="card"><form class="form wide-form" method="post" action="${local(file ? `/work/outgoing/${file.fileId}/edit` : '/work/outgoing')}">
<input type="hidden" name="csrf" value="${visit.caller.csrf}">
<input type="hidden" name="once" value="${newId()}">
<input type="hidden" name="answers" value="${answers ?? ''}">
${file !== null && html`<input type="hidden" name="revision" value="${file.revision}">`}
${source !== null && html`<p class="quiet">${say('answers', visit)}: ${source.codeNumber} – ${source.subject}</p>`}
${textInput('subject', 'subject', say('subject', visit), file?.letter.subject ?? '', { required: true })}
<div class="pair">${textInput('typeName', 'typeName', say('typeName', visit), file?.letter.typeName ?? 'Công văn', { required: true })}
${textInput('notation', 'notation', say('notation', visit), file?.letter.notation ?? '', { required: true, hint: say('notationHint', visit) })}</div>
<div class="pair">${textInput('place', 'place', say('place', visit), file?.letter.place ?? '', { required: true })}
${selectField(
  'priority',
  say('urgency', visit),
  String(file?.letter.priority ?? 0),
  URGENCY_WORDS.map((words, i) => [String(i), words[visit.lang]] as const),
)}</div>
${recipients(choices, to, visit)}
${textArea('toPlaces', 'toPlaces', say('toPlaces', visit), (file?.letter.toPlaces ?? ['Như trên', 'Lưu: VT']).join('\n'), 3)}
${textArea('paragraphs', 'paragraphs', say('text', visit), (file?.letter.paragraphs ?? []).join('\n'), 12)}
<div class="pair">${selectField('signer', say('signer', visit), file?.letter.signer.id ?? '', signersOf(officials))}
${selectField(
  'capacity',
  say('capacity', visit),
  file?.letter.capacity ?? 'TM',
  CAPACITIES.map((one) => [one, say(one, visit)] as const),
)}</div>
${textInput('authority', 'authority', say('authority', visit), file?.letter.authority ?? '', { hint: say('authorityHint', visit) })}
${delegations.length > 0 && selectField('delegationId', say('delegation', visit), file?.letter.delegationId ?? '', [['', say('noAnswer', visit)], ...delegations.map((one) => [one.delegationId, `${one.kind}. ${one.scope} (${one.legalBasis})`] as const)])}
${textInput('dueDate', 'dueDate', say('answerBy', visit), file?.letter.dueDate ?? '', { type: 'date' })}
<div><button class="button main" type="submit">${say('saveDraft', visit)}</button></div></form></section>`;
  const title = say(file === null ? 'newDraft' : 'edit', visit);
  show(visit, { title, crumbs: [{ text: say('outgoing', visit), href: '/work/outgoing' }], body });
}

function recipients(choices: readonly Agency[], to: readonly string[], visit: Visit): Html {
  const listed = choices.map(({ code }) => code);
  const others = to.filter((code) => !listed.includes(code));
  const list =
    choices.length > 0 &&
    html`<div class="field"><label for="to">${say('toCodes', visit)}</label><span class="hint" id="to-hint">${say('toCodesHint', visit)}</span>
<select id="to" name="to" multiple size="6" aria-describedby="to-hint">${choices.map(({ code, name }) =>
      to.includes(code)
        ? html`<option value="${code}" selected>${name} (${code})</option>`
        : html`<option value="${code}">${name} (${code})</option>`,
    )}</select></div>`;
  return html`${list}${textInput('toOther', 'toOther', say('toOther', visit), others.join(', '))}`;
}

function signersOf(officials: readonly Official[]): (readonly [string, string])[] {
  return officials
    .filter(({ roles }) => roles.includes('leader') || roles.includes('deputy'))
    .sort((a, b) => Number(b.roles.includes('leader')) - Number(a.roles.includes('leader')))
    .map((one) => [one.id, personText(one)] as const);
}

/** What the form says of the document. @throws TrucError `api.invalid-request`, `work.recipients-missing`, `work.person-unknown` */
async function wantedOf(visit: Visit): Promise<Wanted> {
  const { request, officer, desk } = visit;
  const field = (name: string, longest: number) => text(request, name, longest);
  const typed = field('toOther', 20_000).split(/[\s,;]+/);
  const to = [...new Set([...texts(request, 'to'), ...typed].filter((code) => code !== ''))];
  if (to.length === 0) throw new TrucError<WorkProblemCode>('work.recipients-missing');
  if (to.length > MOST_RECIPIENTS)
    throw new TrucError('intake.too-many-recipients', { count: to.length, limit: MOST_RECIPIENTS });
  const officials = await officialsOf(officer.agencyId, desk);
  const capacity = CAPACITIES.find((one) => one === field('capacity', 20));
  const wanted: Wanted = {
    subject: field('subject', 500),
    typeName: field('typeName', 100),
    notation: field('notation', 30),
    place: field('place', 50),
    to,
    toPlaces: lines(field('toPlaces', 5_000)).map((line) => line.slice(0, 150)),
    priority: Math.min(4, Number(/^[0-4]$/.exec(field('priority', 1))?.[0] ?? 0)) as Priority,
    dueDate: dateOrNull(request, 'dueDate'),
    signer: personOfAgency(field('signer', 40), officials),
    capacity: capacity ?? 'direct',
    authority: field('authority', 100),
    delegationId: ID.test(field('delegationId', 40)) ? field('delegationId', 40) : null,
    paragraphs: lines(field('paragraphs', 100_000)),
    answers: ID.test(field('answers', 40)) ? field('answers', 40) : null,
  };
  const { subject, typeName, notation, place, paragraphs } = wanted;
  if (paragraphs.join('\n').length > LONGEST_TEXT)
    throw new TrucError<WorkProblemCode>('work.text-too-long', { limit: LONGEST_TEXT });
  if ([subject, typeName, notation, place].includes('') || paragraphs.length === 0)
    throw new TrucError<WorkProblemCode>('work.reason-missing');
  return wanted;
}

/** POST /work/outgoing. */
export async function saveNewDraft(visit: Visit): Promise<void> {
  const once = text(visit.request, 'once', 40);
  if (!ID.test(once)) throw new TrucError('api.invalid-request');
  const wanted = await wantedOf(visit);
  const letter = await composed(wanted, timeOf(once), visit);
  const { documentId } = await newDraft(letter, once, visit);
  const file = await openOutgoing({ documentId, letter: letter.letter, actor: visit.officer }, visit.desk);
  visit.response.redirect(303, `/work/outgoing/${file.fileId}`);
}

/** POST /work/outgoing/{id}/edit: first the text, then what is said of it. */
export async function saveEdit(visit: Visit, fileId: string): Promise<void> {
  const { officer, desk, request } = visit;
  const file: OutgoingFile = await outgoingFile(fileId, officer.agencyId, desk);
  if (file.revision !== revision(request))
    throw new TrucError<WorkProblemCode>('work.changed-meanwhile', { fileId, revision: file.revision });
  const letter = await composed(await wantedOf(visit), Date.parse(file.createdAt), visit);
  await newText(letter, file, visit);
  await editLetter({ fileId, revision: null, actor: officer, letter: letter.letter }, desk);
  visit.response.redirect(303, `/work/outgoing/${fileId}`);
}

/** When a UUID v7 was made (RFC 9562 §5.7): its first 48 bits. */
function timeOf(uuid: string): number {
  return Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16);
}
