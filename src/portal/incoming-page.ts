import { callerView } from '../exchange/index.ts';
import { URGENCY_WORDS } from '../messages/index.ts';
import {
  badge,
  card,
  emptyState,
  facts,
  type Html,
  type HtmlValue,
  html,
  notice,
  selectField,
} from '../rendering/index.ts';
import {
  type IncomingFile,
  incomingFile,
  mayStep,
  officeCaller,
  rulesNow,
  type StepName,
} from '../workflow/index.ts';
import { type Official, officialsOf, say, show, type Visit } from './office.ts';
import {
  actForm,
  day,
  deadlineText,
  history,
  people,
  personText,
  stateBadge,
  textArea,
  textInput,
  urgency,
  waitingFor,
  when,
} from './parts.ts';

/** /work/incoming/{id} */
export async function incomingPage(visit: Visit, fileId: string): Promise<void> {
  const { officer, desk, lang } = visit;
  const file = await incomingFile(fileId, officer.agencyId, desk);
  const officials = await officialsOf(officer.agencyId, desk);
  const body = html`<div class="split"><div class="stack">
${card(say('incoming', visit), html`${incomingFacts(file, visit)}${await fileLinks(file, visit)}`, { side: stateBadge(file, lang) })}
${verificationCard(file, visit)}
${file.directive !== null && directiveCard(file.directive, visit)}
${history(file, visit)}
</div><div class="stack next">${nextCard(file, officials, visit)}</div></div>`;
  const crumbs = [{ text: say('incoming', visit), href: '/work/incoming' }];
  const asked = file.recall !== null && file.recall.answer === null;
  const notices = asked ? [notice('open', say('recallAsked', visit), file.recall?.reason ?? '')] : [];
  show(visit, { title: file.subject, crumbs, notices, body });
}

function incomingFacts(file: IncomingFile, visit: Visit): Html {
  const number = file.line === null ? null : String(file.line.number).padStart(2, '0');
  return facts([
    [say('from', visit), `${file.fromName} (${file.from})`],
    [say('number', visit), file.codeNumber],
    [say('docDate', visit), day(file.promulgationDate)],
    [say('typeName', visit), file.typeName],
    [say('business', visit), businessText(file.businessType, visit)],
    [say('urgency', visit), urgency(file.priority, visit.lang) ?? (URGENCY_WORDS[0]?.[visit.lang] as string)],
    [say('arrivalDate', visit), when(file.createdAt)],
    [say('arrivalNumber', visit), number],
    [say('nextDeadline', visit), deadlineText(file, visit)],
  ]);
}

/** What the sender says that it does to an earlier document; null for one of its own. */
function businessText(type: number, visit: Visit): string | null {
  if (type === 2) return say('updates', visit);
  return type === 3 ? say('replaces', visit) : null;
}

async function fileLinks(file: IncomingFile, visit: Visit): Promise<Html | null> {
  if (file.state === 'withdrawn') return null;
  const view = await callerView(file.documentId, officeCaller(visit.officer.agencyId), visit.desk);
  return html`<div class="row">${view.attachments.map(
    ({ name }, i) => html`<a class="button slim" href="/work/incoming/${file.fileId}/files/${i}">${name}</a>`,
  )}<a class="button slim" href="/work/incoming/${file.fileId}/evidence">${say('evidence', visit)}</a></div>`;
}

/** What the axis found, in one line of law and one of signatures; the whole report is a page of its own. */
function verificationCard(file: IncomingFile, visit: Visit): Html {
  const good = file.legalValue === 'replaces_paper';
  const { verified } = file;
  return card(
    say('verification', visit),
    html`<p>${badge(good ? 'good' : 'open', say(good ? 'replacesPaper' : 'forInformation', visit))} <code>${file.indication}</code></p>
<p><a class="button slim" href="/work/incoming/${file.fileId}/report">${say('report', visit)}</a></p>
${verified !== null && html`<p class="quiet small">${personText(verified.by)}, ${when(verified.at)}</p>`}`,
  );
}

function directiveCard(
  { text, by, lead, others, dueDate }: NonNullable<IncomingFile['directive']>,
  visit: Visit,
): Html {
  return card(say('directive', visit), html`<blockquote class="said">${text}<footer class="quiet small">${personText(by)}</footer></blockquote>
${facts([[say('lead', visit), personText(lead)], [say('others', visit), others.map(personText).join('; ')], [say('deadline', visit), dueDate === null ? null : day(dueDate)]])}`); // biome-ignore format: one call
}

function nextCard(file: IncomingFile, officials: readonly Official[], visit: Visit): Html {
  const forms = nextForms(file, officials, visit);
  const known = [...(file.directive ? [file.directive.lead, ...file.directive.others] : []), ...officials];
  const waiting = waitingFor(file, known, visit);
  if (forms.length === 0)
    return card(say('whatNext', visit), emptyState(waiting === '' ? say('finished', visit) : say('notYours', visit), waiting === '' ? '' : `${say('waitingFor', visit)}: ${waiting}`, waiting === '' ? 'done' : 'clock')); // biome-ignore format: one call
  return card(say('whatNext', visit), html`<div class="stack acts">${forms}</div>`);
}

function nextForms(file: IncomingFile, officials: readonly Official[], visit: Visit): Html[] {
  const rules = rulesNow(visit.desk);
  const { fileId, revision, directive } = file;
  const may = (step: StepName) => mayStep(file, step, visit.officer, rules);
  const act = (step: string, button: string, body: HtmlValue = null, kind = 'main') =>
    actForm(visit, `incoming/${fileId}/${step}`, { revision, body, button, kind });
  const everybody = officials.map((one) => [one.id, personText(one)] as const);
  const others = directive?.others.map(({ id }) => id) ?? [];
  const directing = html`${textArea('directive', 'note', say('directive', visit), directive?.text ?? '', 3)}
${selectField('lead', say('lead', visit), directive?.lead.id ?? officials.find(({ roles }) => roles.includes('specialist'))?.id ?? '', everybody)}
${people('others', 'others', say('others', visit), officials, others)}
${textInput('dueDate', 'dueDate', say('deadline', visit), directive?.dueDate ?? '', { type: 'date' })}`;
  const forms: (Html | false)[] = [
    may('answer-recall') && act('agree-recall', say('agree', visit)),
    may('answer-recall') && act('refuse-recall', say('refuseRecall', visit), textArea('recall-note', 'note', say('reason', visit), '', 2), 'danger'),
    may('verify') && act('verify', say('verifyNow', visit)),
    may('register') && act('register', say('register', visit), textInput('number', 'number', say('arrivalNumber', visit), '', { hint: say('numberHint', visit) })),
    may('direct') && act('direct', say('assign', visit), directing, directive ? 'plain' : 'main'),
    may('complete') && act('complete', say('complete', visit), textArea('result', 'note', say('result', visit), '', 3)),
    may('progress') && act('progress', say('reportProgress', visit), textArea('progress', 'note', say('progress', visit), '', 3), ''),
    may('progress') && html`<p><a class="button" href="/work/outgoing/new?answers=${fileId}">${say('answerIt', visit)}</a></p>`,
    may('refuse') && act('refuse', say('refuse', visit), textArea('refuse-note', 'note', say('reason', visit), '', 2), 'danger'),
  ]; // biome-ignore format: one act a line
  return forms.filter((form) => form !== false);
}
