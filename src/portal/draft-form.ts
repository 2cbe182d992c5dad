import type { Agency } from '../agency/index.ts';
import { fileOf } from '../api/index.ts';
import type { Priority } from '../document/index.ts';
import { newId, TrucError } from '../kernel/index.ts';
import { URGENCY_WORDS, type WorkWord } from '../messages/index.ts';
import { type Html, html, local, selectField } from '../rendering/index.ts';
import { CAPACITIES } from '../signing/index.ts';
import {
  type Amendment,
  amendable,
  editLetter,
  incomingFile,
  type NumberPlaces,
  type OutgoingFile,
  openOutgoing,
  outgoingFile,
  type WorkProblemCode,
} from '../workflow/index.ts';
import { composed, newDraft, newText, type Wanted } from './compose.ts';
import { dateOrNull, lines, personOfAgency, revision, text, texts } from './fields.ts';
import { formFields, type Official, officialsOf, say, show, type Visit } from './office.ts';
import { numberText, personText, textArea, textInput } from './parts.ts';

/** A registry of this many agencies is shown as a list to choose from; of a larger one the codes are typed. */
const CHOSEN_FROM = 300;
const ID = /^[0-9a-f-]{36}$/;
export const MOST_RECIPIENTS = 500;
/** Characters of a letter that is set in type here: 20,000 take 0.4 s of a processor and fill 13 pages. */
const LONGEST_TEXT = 20_000;

const KINDS = ['update', 'replace'] as const;
/** One millimetre in points. */
const MM = 72 / 25.4;
const A4_HEIGHT = 841.89;
/** About where Appendix I of Decree 30/2020 has them; what is set in type here has its own. */
const USUAL_PLACES: NumberPlaces = { number: { x: 144, y: 725 }, date: { x: 401, y: 725 } };

/** GET /work/outgoing/new and …/{id}/edit. */
export async function draftPage(visit: Visit, fileId: string | null): Promise<void> {
  const { officer, desk, request } = visit;
  const file = fileId === null ? null : await outgoingFile(fileId, officer.agencyId, desk);
  const asked = typeof request.query.answers === 'string' ? request.query.answers : '';
  const answers = file?.letter.answers ?? (ID.test(asked) ? asked : null);
  const amends = await amendmentOf(file, visit);
  const source = answers === null ? null : await incomingFile(answers, officer.agencyId, desk);
  const officials = await officialsOf(officer.agencyId, desk);
  const { agencies, next } = await desk.agencies.list({ limit: CHOSEN_FROM });
  const to = file?.letter.to ?? amends?.original.letter.to ?? (source ? [source.from] : []);
  const choices =
    next === null ? agencies.filter(({ id, validTo }) => id !== officer.agencyId && validTo === null) : [];
  const delegations = (await desk.delegations.of(officer.agencyId, 100)).filter(
    ({ withdrawnAt }) => withdrawnAt === undefined,
  );
  const body = html`<section class="card"><form class="form wide-form" method="post" enctype="multipart/form-data" action="${local(file ? `/work/outgoing/${file.fileId}/edit` : '/work/outgoing')}">
${formFields(visit)}
<input type="hidden" name="once" value="${newId()}">
<input type="hidden" name="answers" value="${answers ?? ''}">
${file !== null && html`<input type="hidden" name="revision" value="${file.revision}">`}
${amends !== null && amendmentFields(amends, visit)}
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
${pdfFields(file, visit)}
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

/** A letter made elsewhere: its file, and where number and date will stand on it. */
function pdfFields(file: OutgoingFile | null, visit: Visit): Html {
  const made = file !== null && file.letter.paragraphs === null;
  const { number, date } = made ? file.letter.places : USUAL_PLACES;
  const place = (name: string, word: WorkWord, points: number) =>
    textInput(name, name, say(word, visit), String(Math.round((points / MM) * 10) / 10));
  const body = html`<div class="field"><label for="pdf">${say('pdfFile', visit)}</label><span class="hint" id="pdf-hint">${say(made ? 'pdfKept' : 'pdfHint', visit)}</span>
<input id="pdf" name="pdf" type="file" accept="application/pdf,.pdf" aria-describedby="pdf-hint"></div>
<p class="quiet small">${say('placesHint', visit)}</p>
<div class="pair">${place('numberLeft', 'numberLeft', number.x)}${place('numberTop', 'numberTop', A4_HEIGHT - number.y)}</div>
<div class="pair">${place('dateLeft', 'dateLeft', date.x)}${place('dateTop', 'dateTop', A4_HEIGHT - date.y)}</div>`;
  return made
    ? html`<fieldset class="field"><legend>${say('pdfMade', visit)}</legend><div class="form">${body}</div></fieldset>`
    : html`<details class="more"><summary>${say('pdfMade', visit)}</summary><div class="form">${body}</div></details>`;
}

/** Millimetres from the left and upper edges of A4, as points from the lower left. @throws TrucError `api.invalid-request` */
function placesOf(request: Visit['request']): NumberPlaces {
  const points = (name: string, usual: number) => {
    const value = text(request, name, 10).replace(',', '.');
    if (value === '') return usual;
    if (!/^\d{1,3}(\.\d{1,2})?$/.test(value)) throw new TrucError('api.invalid-request');
    return Number(value) * MM;
  };
  const { number, date } = USUAL_PLACES;
  return {
    number: { x: points('numberLeft', number.x), y: A4_HEIGHT - points('numberTop', A4_HEIGHT - number.y) },
    date: { x: points('dateLeft', date.x), y: A4_HEIGHT - points('dateTop', A4_HEIGHT - date.y) },
  };
}

interface Amending {
  kind: Amendment['kind'];
  original: OutgoingFile;
  reason: string;
}

/** Which sent document this one corrects or replaces: of the file, else of the address. */
async function amendmentOf(file: OutgoingFile | null, visit: Visit): Promise<Amending | null> {
  const { query } = visit.request;
  const asked = KINDS.map((kind) => ({ kind, fileId: query[`${kind}s`], reason: '' })).find(
    ({ fileId }) => typeof fileId === 'string' && ID.test(fileId),
  ) as Amendment | undefined;
  const wanted = file ? file.letter.amends : asked;
  if (!wanted) return null;
  const { officer, desk } = visit;
  await amendable(wanted.fileId, officer.agencyId, desk);
  const original = await outgoingFile(wanted.fileId, officer.agencyId, desk);
  return { kind: wanted.kind, original, reason: wanted.reason };
}

function amendmentFields({ kind, original, reason }: Amending, visit: Visit): Html {
  const { fileId, letter } = original;
  return html`<input type="hidden" name="amendKind" value="${kind}"><input type="hidden" name="amendFile" value="${fileId}">
<p class="quiet">${say(kind === 'update' ? 'updates' : 'replaces', visit)}: <a href="/work/outgoing/${fileId}">${numberText(original)} – ${letter.subject}</a></p>
${textInput('amendReason', 'amendReason', say('reason', visit), reason, { required: true })}`;
}

function amendsOf(request: Visit['request']): Amendment | null {
  const kind = KINDS.find((one) => one === text(request, 'amendKind', 10));
  const fileId = text(request, 'amendFile', 40);
  if (!kind || !ID.test(fileId)) return null;
  const reason = text(request, 'amendReason', 500);
  if (reason === '') throw new TrucError<WorkProblemCode>('work.reason-missing');
  return { kind, fileId, reason };
}

/** What the form says of the document. @throws TrucError `api.invalid-request`, `work.recipients-missing`, `work.person-unknown` */
async function wantedOf(visit: Visit, made: Buffer | null): Promise<Wanted> {
  const { request, officer, desk } = visit;
  const field = (name: string, longest: number) => text(request, name, longest);
  const typed = field('toOther', 20_000).split(/[\s,;]+/);
  const to = [...new Set([...texts(request, 'to'), ...typed].filter((code) => code !== ''))];
  if (to.length === 0) throw new TrucError<WorkProblemCode>('work.recipients-missing');
  if (to.length > MOST_RECIPIENTS)
    throw new TrucError('intake.too-many-recipients', { count: to.length, limit: MOST_RECIPIENTS });
  const officials = await officialsOf(officer.agencyId, desk);
  const capacity = CAPACITIES.find((one) => one === field('capacity', 20));
  const amends = amendsOf(request);
  const wanted: Wanted = {
    pdf: fileOf(visit.response, 'pdf')?.bytes ?? made,
    places: placesOf(request),
    ...(amends ? { amends } : {}),
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
  const { subject, typeName, notation, place, paragraphs, pdf } = wanted;
  if (paragraphs.join('\n').length > LONGEST_TEXT)
    throw new TrucError<WorkProblemCode>('work.text-too-long', { limit: LONGEST_TEXT });
  if ([subject, typeName, notation, place].includes('') || (paragraphs.length === 0 && pdf === null))
    throw new TrucError<WorkProblemCode>('work.reason-missing');
  return wanted;
}

/** POST /work/outgoing. */
export async function saveNewDraft(visit: Visit): Promise<void> {
  const once = text(visit.request, 'once', 40);
  if (!ID.test(once)) throw new TrucError('api.invalid-request');
  const wanted = await wantedOf(visit, null);
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
  const letter = await composed(
    await wantedOf(visit, await madeElsewhere(file, visit)),
    Date.parse(file.createdAt),
    visit,
  );
  await newText(letter, file, visit);
  await editLetter({ fileId, revision: null, actor: officer, letter: letter.letter }, desk);
  visit.response.redirect(303, `/work/outgoing/${fileId}`);
}

/** The PDF that a file has, where it came from elsewhere and no text was typed in its place. */
async function madeElsewhere({ letter, documentId }: OutgoingFile, visit: Visit): Promise<Buffer | null> {
  const { request, desk } = visit;
  if (letter.paragraphs !== null || text(request, 'paragraphs') !== '') return null;
  const version = (await desk.drafts.get(documentId))?.versions.at(-1);
  return version ? desk.blobs.read(version.content) : null;
}

/** When a UUID v7 was made (RFC 9562 §5.7): its first 48 bits. */
function timeOf(uuid: string): number {
  return Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16);
}
