import type { RecordedEvent } from '../document/index.ts';
import { sha256Hex } from '../kernel/index.ts';

/** A span as OTLP/HTTP writes it in JSON (OpenTelemetry protocol 1.x): ids hexadecimal, times as decimal nanoseconds. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** 1 = internal. */
  kind: 1;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: { stringValue: string } | { intValue: string } }[];
  /** 2 = error, 0 = not said. */
  status: { code: 0 | 2 };
}

/** Steps after which something did not go as it should. */
const FAILED = ['document.refused', 'delivery.failed', 'status.02'];
/** Facts that are no one's: verdicts, counts, classes. Agencies, numbers, ids, reasons in words are not among them. */
const TOLD = [
  'indication',
  'legalValue',
  'businessType',
  'size',
  'count',
  'kind',
  'class',
  'final',
  'outcome',
];

/**
 * One span for one entry of a document: from the step before it to this one. All steps of a document are one trace, whose name is made of the
 * random name that the document has in the ledger; the submission is its root. Entries that are of no document give null.
 * @param before time of the document's step before, RFC 3339; the event's own time where it is not known
 */
export function spanOf(event: RecordedEvent, before: string | null): Span | null {
  const { type, place, facts, ledgerDoc, subjectId } = event;
  if (place === null || !/^(document|signature|delivery|status)\./.test(type)) return null;
  const isRoot = type === 'document.submitted' || type === 'document.refused';
  const start = isRoot ? event.at : (before ?? event.at);
  const told = Object.entries(facts).filter(([name]) => TOLD.includes(name));
  return {
    traceId: sha256Hex(`truc/trace/1|${ledgerDoc}`).slice(0, 32),
    spanId: event.eventId.slice(0, 16),
    ...(isRoot ? {} : { parentSpanId: sha256Hex(`${subjectId}|document.submitted|`).slice(0, 16) }),
    name: type,
    kind: 1,
    startTimeUnixNano: nanoseconds(start < place.recordedAt ? start : place.recordedAt),
    endTimeUnixNano: nanoseconds(place.recordedAt),
    attributes: [
      { key: 'truc.ledger.doc', value: { stringValue: ledgerDoc } },
      { key: 'truc.ledger.index', value: { intValue: String(place.index) } },
      ...told.map(([name, value]) => {
        const key = `truc.${name}`;
        return typeof value === 'number'
          ? { key, value: { intValue: String(value) } }
          : { key, value: { stringValue: String(value).slice(0, 100) } };
      }),
    ],
    status: { code: FAILED.includes(type) ? 2 : 0 },
  };
}

function nanoseconds(time: string): string {
  return `${Date.parse(time)}000000`;
}

/** Documents whose last step is remembered; of others a span has the length of its own step. */
const KEPT = 20_000;

/** Makes spans of entries in their order. */
export function spanMaker(): (events: readonly RecordedEvent[]) => Span[] {
  const last = new Map<string, string>();
  return (events) =>
    events.flatMap((event) => {
      const span = spanOf(event, last.get(event.ledgerDoc) ?? null);
      if (span === null || event.place === null) return [];
      last.delete(event.ledgerDoc);
      last.set(event.ledgerDoc, event.place.recordedAt);
      if (last.size > KEPT) last.delete(last.keys().next().value as string);
      return [span];
    });
}

/** The body of an export request. @param service what the axis is called among others: the origin of its log */
export function spansBody(spans: readonly Span[], service: string): object {
  const attributes = [
    { key: 'service.name', value: { stringValue: 'truc' } },
    { key: 'service.namespace', value: { stringValue: service } },
  ];
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: 'truc' }, spans }] }] };
}
