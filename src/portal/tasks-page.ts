import { dataTable, emptyState, type Html, type HtmlValue, html } from '../rendering/index.ts';
import { deadlineOf, isOverdue, outgoingFile, rulesNow, type WorkFile } from '../workflow/index.ts';
import { batchCard } from './batch-page.ts';
import { say, show, type Visit } from './office.ts';
import { day, numberText, stateBadge, urgency, when } from './parts.ts';

const MOST = 100;
/** States in which the draft may have gone on without the file. */
const MOVING = ['checking', 'signing', 'signed', 'numbered'];

/** /work: what waits for the reader, by role or by name. */
export async function tasksPage(visit: Visit): Promise<void> {
  const { officer, desk } = visit;
  const turns = [`person:${officer.id}`, ...officer.roles.map((role) => `role:${role}`)];
  const found = await desk.work.list({ agencyId: officer.agencyId, turns, before: '', limit: MOST });
  const files = await Promise.all(found.map((file) => fresh(file, visit)));
  const mine = files.filter(({ turns: now }) => now.some((turn) => turns.includes(turn)));
  const body =
    mine.length === 0
      ? html`<section class="card">${emptyState(say('noTasks', visit), say('noTasksHint', visit), 'done')}</section>`
      : html`<div class="stack"><section class="card flush">${fileTable(say('tasks', visit), mine, visit)}</section>${batchCard(mine, visit)}</div>`;
  show(visit, { title: say('tasks', visit), lead: visit.agency.name, body });
}

async function fresh(file: WorkFile, { desk }: Visit): Promise<WorkFile> {
  return file.kind === 'outgoing' && MOVING.includes(file.state)
    ? outgoingFile(file.fileId, file.agencyId, desk)
    : file;
}

/** Files in a table: subject, number, other side, state, deadline. */
export function fileTable(caption: string, files: readonly WorkFile[], visit: Visit): Html {
  const columns = [
    { title: say('subject', visit) },
    { title: say('number', visit) },
    { title: `${say('from', visit)} / ${say('to', visit)}` },
    { title: say('state', visit) },
    { title: say('deadline', visit) },
    { title: say('updated', visit) },
  ];
  return dataTable(
    caption,
    columns,
    files.map((file) => row(file, visit)),
  );
}

function row(file: WorkFile, visit: Visit): HtmlValue[] {
  const { lang } = visit;
  const outgoing = file.kind === 'outgoing';
  const subject = outgoing ? file.letter.subject : file.subject;
  const priority = outgoing ? file.letter.priority : file.priority;
  const other = outgoing ? file.letter.to.join(', ') : `${file.fromName} (${file.from})`;
  const { desk } = visit;
  const due = deadlineOf(file, rulesNow(desk), desk.calendar);
  return [
    html`<a class="title" href="/work/${file.kind}/${file.fileId}">${subject}</a> ${urgency(priority, lang)}`,
    html`${numberText(file)}${file.kind === 'incoming' && file.line !== null && html`<span class="under">${say('arrivalNumber', visit)} ${String(file.line.number).padStart(2, '0')}</span>`}`,
    other,
    stateBadge(file, lang),
    due === null
      ? ''
      : html`${day(due.day)} ${isOverdue(due, desk.clock.now(), desk.calendar) && html`<span class="overdue">${say('overdue', visit)}</span>`}`,
    when(file.updatedAt),
  ];
}
