import { callerView } from '../exchange/index.ts';
import { vietnamDate } from '../kernel/index.ts';
import { STATUS_WORDS, TRANSPORT_WORDS, URGENCY_WORDS } from '../messages/index.ts';
import {
  badge,
  card,
  dataTable,
  emptyState,
  facts,
  type Html,
  type HtmlValue,
  html,
} from '../rendering/index.ts';
import {
  annexStates,
  mayStep,
  missingChecks,
  type OutgoingFile,
  officeCaller,
  outgoingFile,
  rulesNow,
  type StepName,
} from '../workflow/index.ts';
import { annexCard } from './annex-card.ts';
import { type Official, officialsOf, say, show, type Visit } from './office.ts';
import {
  actForm,
  day,
  deadlineText,
  history,
  numberText,
  people,
  personText,
  stateBadge,
  textArea,
  textInput,
  urgency,
  waitingFor,
} from './parts.ts';

/** /work/outgoing/{id} */
export async function outgoingPage(visit: Visit, fileId: string): Promise<void> {
  const { officer, desk, lang } = visit;
  const file = await outgoingFile(fileId, officer.agencyId, desk);
  const officials = await officialsOf(officer.agencyId, desk);
  const title = file.letter.subject;
  const body = html`<div class="split"><div class="stack">
${card(say('outgoing', visit), letterFacts(file, await namesOf(file.letter.to, visit), visit), { side: stateBadge(file, lang) })}
${await annexCard(file, visit)}
${checksCard(file, visit)}
${file.sentAs !== null && (await deliveryCard(file, file.sentAs, visit))}
${history(file, visit)}
</div><div class="stack next">${await nextCard(file, officials, visit)}</div></div>`;
  const crumbs = [{ text: say('outgoing', visit), href: '/work/outgoing' }];
  show(visit, { title, crumbs, body });
}

async function namesOf(codes: readonly string[], { desk }: Visit): Promise<string[]> {
  const found = await Promise.all(codes.map((code) => desk.agencies.resolve(code, desk.clock.now())));
  return codes.map((code, i) => (found[i] ? `${found[i].name} (${code})` : code));
}

function letterFacts(file: OutgoingFile, to: readonly string[], visit: Visit): Html {
  const { letter } = file;
  return html`${facts([
    [say('number', visit), numberText(file)],
    [say('date', visit), file.date === null ? null : day(file.date)],
    [say('typeName', visit), letter.typeName],
    [
      say('urgency', visit),
      urgency(letter.priority, visit.lang) ?? (URGENCY_WORDS[0]?.[visit.lang] as string),
    ],
    [say('to', visit), to.join('; ')],
    [
      say('signer', visit),
      html`${personText(letter.signer)}<br><span class="quiet small">${say(letter.capacity, visit)}${letter.authority !== '' && html` – ${letter.authority}`}</span>`,
    ],
    [say('drafter', visit), personText(file.drafter)],
    [say('answerBy', visit), letter.dueDate === null ? null : day(letter.dueDate)],
    [say('nextDeadline', visit), deadlineText(file, visit)],
    [
      say('answers', visit),
      letter.answers === null
        ? null
        : html`<a href="/work/incoming/${letter.answers}">${say('incoming', visit)}</a>`,
    ],
    [
      say(letter.amends?.kind === 'replace' ? 'replaces' : 'updates', visit),
      letter.amends
        ? html`<a href="/work/outgoing/${letter.amends.fileId}">${say('outgoing', visit)}</a> – ${letter.amends.reason}`
        : null,
    ],
  ])}<p class="row"><a class="button slim" href="/work/outgoing/${file.fileId}/pdf">${say('pdf', visit)}</a>${letter.paragraphs === null && file.line === null && html`<a class="button slim" href="/work/outgoing/${file.fileId}/preview">${say('previewPlaces', visit)}</a>`}</p>`;
}

function checksCard(file: OutgoingFile, visit: Visit): Html | null {
  if (file.state === 'drafting' && file.checks.length === 0) return null;
  const missing = missingChecks(file, rulesNow(visit.desk));
  const line = (aspect: 'content' | 'form'): HtmlValue => {
    const done = file.checks.findLast((one) => one.aspect === aspect);
    if (missing.includes(aspect)) return badge('open', say('checkMissing', visit));
    return done
      ? html`${badge('good', `${say('version', visit)} ${done.version}`)} ${personText(done.by)}`
      : '–';
  };
  return card(say('checks', visit), facts([[say('checkContent', visit), line('content')], [say('checkForm', visit), line('form')], [say('checkers', visit), file.checkers.map(personText).join('; ')]])); // biome-ignore format: one call
}

async function deliveryCard(file: OutgoingFile, documentId: string, visit: Visit): Promise<Html> {
  const { officer, desk, lang } = visit;
  const { recipients } = await callerView(documentId, officeCaller(officer.agencyId), desk);
  const rows = recipients.map(({ code, transport, business }) => [
    code,
    TRANSPORT_WORDS[transport]?.[lang] ?? transport,
    business === null
      ? '–'
      : badge(
          business === '02' ? 'bad' : business === '06' ? 'good' : 'busy',
          `${business} ${STATUS_WORDS[business]?.[lang] ?? ''}`,
        ),
  ]);
  const columns = [
    { title: say('to', visit) },
    { title: say('transport', visit) },
    { title: say('state', visit) },
  ];
  const links = html`<a class="button slim" href="/work/outgoing/${file.fileId}/evidence">${say('evidence', visit)}</a>`;
  return card(say('delivery', visit), dataTable(say('delivery', visit), columns, rows), {
    side: links,
    flush: true,
  });
}

async function nextCard(file: OutgoingFile, officials: readonly Official[], visit: Visit): Promise<Html> {
  const open = (await annexStates(file, visit.desk)).some(({ sealed }) => !sealed);
  const forms = nextForms(file, officials, open, visit);
  const waiting = waitingFor(file, [file.drafter, file.letter.signer, ...file.checkers], visit);
  if (forms.length === 0)
    return card(say('whatNext', visit), emptyState(waiting === '' ? say('finished', visit) : say('notYours', visit), waiting === '' ? '' : `${say('waitingFor', visit)}: ${waiting}`, waiting === '' ? 'done' : 'clock')); // biome-ignore format: one call
  return card(say('whatNext', visit), html`<div class="stack acts">${forms}</div>`);
}

function nextForms(
  file: OutgoingFile,
  officials: readonly Official[],
  openAnnexes: boolean,
  visit: Visit,
): Html[] {
  const rules = rulesNow(visit.desk);
  const { revision, fileId } = file;
  const may = (step: StepName) => mayStep(file, step, visit.officer, rules);
  const act = (step: string, button: string, body: HtmlValue = null, kind = 'main') =>
    actForm(visit, `outgoing/${fileId}/${step}`, { revision, body, button, kind });
  const signing = (kind: 'initial' | 'approve' | 'seal', label: string) =>
    html`<p><a class="button main" href="/work/outgoing/${fileId}/sign/${kind}">${label}</a></p>`;
  const forms: (Html | false)[] = [
    may('sign') && signing('approve', say('sign', visit)),
    may('submit') && missingChecks(file, rules).length === 0 && act('submit', say('submit', visit)),
    may('check-content') && act('check-content', say('agreeContent', visit)),
    may('check-form') && act('check-form', say('agreeForm', visit)),
    may('initial') && file.drafter.id !== visit.officer.id && html`<p><a class="button" href="/work/outgoing/${fileId}/sign/initial">${say('initialNow', visit)}</a></p>`,
    may('ask') && act('ask', say('askCheckers', visit), people('checkers', 'checkers', say('checkers', visit), officials.filter(({ id }) => id !== file.drafter.id && id !== file.letter.signer.id), file.checkers.map(({ id }) => id)), file.state === 'drafting' ? 'main' : 'plain'),
    may('draft') && html`<p><a class="button" href="/work/outgoing/${fileId}/edit">${say('edit', visit)}</a></p>`,
    may('number') && act('number', say('giveNumber', visit), html`<div class="pair">${textInput('number', 'number', say('number', visit), '', { hint: say('numberHint', visit) })}${textInput('date', 'date', say('date', visit), vietnamDate(visit.desk.clock.now()).replaceAll('/', '-'), { type: 'date' })}</div>`),
    may('seal') && signing('seal', say('seal', visit)),
    may('seal-annexes') && openAnnexes && html`<p><a class="button main" href="/work/outgoing/${fileId}/sign/appendix">${say('sealAnnexes', visit)}</a></p>`,
    may('issue') && !openAnnexes && act('issue', say('issue', visit), textInput('to', 'to', say('to', visit), file.letter.to.join(', '))),
    file.state === 'sent' && html`<p class="row"><a class="button" href="/work/outgoing/new?updates=${fileId}">${say('writeUpdate', visit)}</a><a class="button" href="/work/outgoing/new?replaces=${fileId}">${say('writeReplacement', visit)}</a></p>`,
    file.state === 'sent' && visit.officer.roles.includes('clerk') && act('recall', say('recall', visit), textArea('recall-note', 'note', say('reason', visit), '', 2), 'danger'),
    may('comment') && file.state !== 'drafting' && act('comment', say('comment', visit), textArea('comment-note', 'note', say('comment', visit), '', 3), ''),
    may('discard') && act('discard', say('discard', visit), textArea('discard-note', 'note', say('reason', visit), '', 2), 'danger'),
    may('give-back') && file.drafter.id !== visit.officer.id && act('give-back', say('giveBack', visit), textArea('back-note', 'note', say('reason', visit), '', 2), 'danger'),
  ]; // biome-ignore format: one act a line
  return forms.filter((form) => form !== false);
}
