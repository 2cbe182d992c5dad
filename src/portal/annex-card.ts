import { fileOf } from '../api/index.ts';
import { registerDraft } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import { WORK_WORDS } from '../messages/index.ts';
import { badge, card, type Html, html } from '../rendering/index.ts';
import {
  addAnnex,
  annexesOf,
  annexStates,
  mayStep,
  type OutgoingFile,
  officeCaller,
  outgoingFile,
  removeAnnex,
  rulesNow,
  type WorkProblemCode,
} from '../workflow/index.ts';
import { demandPdf } from './compose.ts';
import { text } from './fields.ts';
import { formFields, say, type Visit } from './office.ts';
import { order, showPdf } from './outgoing-steps.ts';
import { actForm, textInput } from './parts.ts';

/** The annexes of a document, and how the drafter changes them; null where there are none and none can be added. */
export async function annexCard(file: OutgoingFile, visit: Visit): Promise<Html | null> {
  const annexes = await annexStates(file, visit.desk);
  const mayChange = mayStep(file, 'draft', visit.officer, rulesNow(visit.desk));
  if (annexes.length === 0 && !mayChange) return null;
  const path = `outgoing/${file.fileId}`;
  const lines = annexes.map(({ documentId, name, sealed }, i) => {
    const drop = actForm(visit, `${path}/drop-annex`, {
      revision: file.revision,
      button: say('dropAnnex', visit),
      kind: 'slim',
      body: html`<input type="hidden" name="annex" value="${documentId}">`,
    });
    return html`<li class="row"><a href="/work/${path}/annexes/${i}">${i + 1}. ${name}</a>
${badge(sealed ? 'good' : 'none', say(sealed ? 'annexSealed' : 'annexOpen', visit))}${mayChange && drop}</li>`;
  });
  return card(
    say('annexes', visit),
    html`${lines.length > 0 && html`<ol class="plain stack">${lines}</ol>`}${mayChange && addForm(file, visit)}`,
  );
}

function addForm({ fileId, revision }: OutgoingFile, visit: Visit): Html {
  return html`<details class="more"><summary>${say('addAnnex', visit)}</summary>
<form class="form act" method="post" enctype="multipart/form-data" action="/work/outgoing/${fileId}/annex">
${formFields(visit)}<input type="hidden" name="revision" value="${revision}">
${textInput('annex-name', 'name', say('annexName', visit), '', { required: true })}
<div class="field"><label for="annex-file">${say('annexFile', visit)}</label><input id="annex-file" name="annex" type="file" accept="application/pdf,.pdf" required></div>
<div><button class="button" type="submit">${say('addAnnex', visit)}</button></div></form></details>`;
}

/** POST /work/outgoing/{id}/annex, a form with the file. */
export async function takeAnnex(visit: Visit, fileId: string): Promise<OutgoingFile> {
  const { agency, desk, officer, request, response } = visit;
  const file = fileOf(response, 'annex');
  const name = text(request, 'name', 200);
  if (file === null || name === '') throw new TrucError<WorkProblemCode>('work.reason-missing');
  demandPdf(file.bytes);
  const wanted = order(visit, fileId);
  // The revision makes it one draft however often the form is sent.
  const reference = `work:${fileId}:annex:${wanted.revision}`;
  await outgoingFile(fileId, officer.agencyId, desk);
  const upload = { bytes: file.bytes, agency: agency.code, reference, title: name };
  const { draft } = await registerDraft(upload, officeCaller(officer.agencyId), desk);
  return addAnnex({ ...wanted, note: name, annex: { documentId: draft.documentId, name } }, desk);
}

/** POST /work/outgoing/{id}/drop-annex. */
export async function dropAnnex(visit: Visit, fileId: string): Promise<OutgoingFile> {
  const { officer, desk, request } = visit;
  const documentId = text(request, 'annex', 40);
  const { letter } = await outgoingFile(fileId, officer.agencyId, desk);
  const name = annexesOf(letter).find((annex) => annex.documentId === documentId)?.name ?? '';
  const note = `${WORK_WORDS.dropAnnex.vi}: ${name}`;
  return removeAnnex({ ...order(visit, fileId), note, documentId }, desk);
}

/** GET /work/outgoing/{id}/annexes/{n}: its newest version. */
export async function sendAnnex(visit: Visit, fileId: string, place: string): Promise<void> {
  const { desk, officer, response } = visit;
  const file = await outgoingFile(fileId, officer.agencyId, desk);
  const annex = /^\d{1,2}$/.test(place) ? (await annexStates(file, desk))[Number(place)] : undefined;
  const version = annex?.draft.versions.at(-1);
  if (!version) throw new TrucError<WorkProblemCode>('work.file-unknown', { fileId });
  showPdf(response, await desk.blobs.read(version.content), `${fileId}-${Number(place) + 1}.pdf`);
}
