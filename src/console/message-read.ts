import type { Agency } from '../agency/index.ts';
import type { Delivery, PushAttempt } from '../delivery/index.ts';
import {
  businessStatus,
  type DocumentRecord,
  type RecordedEvent,
  type StatusRecord,
} from '../document/index.ts';
import {
  asParty,
  type Caller,
  type DocumentReport,
  isRecorded,
  laterVerdicts,
  type PartyView,
  visibleTo,
} from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { ConsoleDesk } from './desk.ts';
import type { Viewer } from './viewer.ts';

/** The most attempts that a page shows. */
const MOST_ATTEMPTS = 100;

export interface RecipientStory {
  code: string;
  agency: Agency | null;
  /** Null while none is planned: the document is held or was refused. */
  delivery: Delivery | null;
  business: string | null;
  /** What its people said beside the codes, newest first. */
  statuses: readonly StatusRecord[];
}

export interface MessageStory {
  document: DocumentRecord;
  sender: Agency | null;
  recipients: readonly RecipientStory[];
  /** In the order of the ledger. */
  events: readonly RecordedEvent[];
  /** Attempts of pushes whose exchange the viewer may see, latest first. */
  attempts: readonly PushAttempt[];
  /** Names of the agencies in the events, by id. */
  names: ReadonlyMap<string, string>;
  /** Null once it is destroyed. */
  report: DocumentReport | null;
  /** May the viewer open content and evidence? */
  opens: boolean;
}

/**
 * The caller as whom the viewer reads a document: the sender for those who see all, else the viewer's own agencies.
 * @throws TrucError `document.unknown` also for what is out of reach
 */
export async function partyOf(
  documentId: string,
  viewer: Viewer,
  { stations: x }: ConsoleDesk,
): Promise<{ view: PartyView; caller: Caller }> {
  const as = (agencyIds: readonly string[]): Caller => ({ clientId: viewer.personId, agencyIds, scopes: [] });
  if (viewer.reach !== null) {
    const caller = as(viewer.reach);
    return { view: await asParty(documentId, caller, x), caller };
  }
  const document = await x.documents.get(documentId);
  if (!document || !(await isRecorded(document, x))) throw new TrucError('document.unknown', { documentId });
  return { view: { document, isSender: true, ownRecipients: [] }, caller: as([document.key.senderId]) };
}

/** Everything that the viewer may know of a document. @throws TrucError `document.unknown` */
export async function storyOf(documentId: string, viewer: Viewer, desk: ConsoleDesk): Promise<MessageStory> {
  const x = desk.stations;
  const { view } = await partyOf(documentId, viewer, desk);
  const { document } = view;
  const [deliveries, statuses, events, later, attempts] = await Promise.all([
    x.deliveries.ofDocument(documentId),
    x.statuses.of(documentId),
    x.events.of(documentId),
    laterVerdicts(documentId, x),
    x.attempts.ofDocument(documentId, MOST_ATTEMPTS),
  ]);
  const own = document.recipients.filter(
    (line) => view.isSender || view.ownRecipients.includes(line.agencyId),
  );
  // Addresses and answers of an agency's system are for that agency and for those who look after the axis.
  const within = viewer.reach;
  const pushed = attempts.filter((one) => within === null || within.includes(one.recipientId));
  const seen = events.filter((event) => event.place !== null && visibleTo(event, view));
  const names = await namesOf(
    [
      ...seen.flatMap(partiesOf),
      ...own.map((line) => line.agencyId),
      ...pushed.map((one) => one.recipientId),
    ],
    desk,
  );
  const report = later.at(-1)?.report ?? document.report;
  const agency = (id: string) => names.get(id) ?? null;
  return {
    document,
    sender: await x.agencies.get(document.key.senderId),
    recipients: own.map(({ agencyId, code }) => {
      const said = statuses.filter((one) => one.reporterId === agencyId);
      return {
        code,
        agency: agency(agencyId),
        delivery: deliveries.find((one) => one.kind === 'document' && one.recipientId === agencyId) ?? null,
        business: businessStatus(said.map((one) => one.code)),
        statuses: said.reverse(),
      };
    }),
    events: seen.sort((a, b) => (a.place?.index ?? 0) - (b.place?.index ?? 0)),
    attempts: pushed,
    names: new Map([...names].map(([id, one]) => [id, one.name])),
    report: report === '' ? null : (JSON.parse(report) as DocumentReport),
    opens: document.original !== null && opens(view, viewer, deliveries),
  };
}

/** Looking must not count as the recipient's taking: content is open to a recipient who has it already. */
function opens(view: PartyView, viewer: Viewer, deliveries: readonly Delivery[]): boolean {
  if (!viewer.mayRead) return false;
  return (
    view.isSender ||
    deliveries.some((one) => view.ownRecipients.includes(one.recipientId) && one.fetchedAt !== null)
  );
}

const partiesOf = ({ actorId, recipientId }: RecordedEvent) =>
  [actorId, recipientId].filter((id): id is string => id !== null);

async function namesOf(ids: readonly string[], { stations: x }: ConsoleDesk): Promise<Map<string, Agency>> {
  const found = await Promise.all([...new Set(ids)].map((id) => x.agencies.get(id)));
  return new Map(found.filter((one): one is Agency => one !== null).map((one) => [one.id, one]));
}
