import { ALERT_PLANS, alertBook } from '../../src/adapters/distributed/alert-book.ts';
import { ATTEMPT_PLANS, attemptBook } from '../../src/adapters/distributed/attempt-book.ts';
import { AUGMENTATION_PLANS, augmentationBook } from '../../src/adapters/distributed/augmentation-book.ts';
import {
  AUGMENTATION_SCHEDULE_PLANS,
  augmentationSchedule,
} from '../../src/adapters/distributed/augmentation-schedule.ts';
import { CEREMONY_PLANS, ceremonyStore } from '../../src/adapters/distributed/ceremony-store.ts';
import { openMongo } from '../../src/adapters/distributed/database.ts';
import { DELEGATION_PLANS, delegationBook } from '../../src/adapters/distributed/delegation-book.ts';
import { deliveryLog } from '../../src/adapters/distributed/delivery-log.ts';
import { DELIVERY_PLANS } from '../../src/adapters/distributed/delivery-rows.ts';
import { deliveryStore } from '../../src/adapters/distributed/delivery-store.ts';
import { DOCUMENT_PLANS } from '../../src/adapters/distributed/document-rows.ts';
import { documentStore } from '../../src/adapters/distributed/document-store.ts';
import { DRAFT_PLANS, draftStore } from '../../src/adapters/distributed/draft-store.ts';
import { eventBook } from '../../src/adapters/distributed/event-book.ts';
import { EVENT_PLANS } from '../../src/adapters/distributed/event-rows.ts';
import { REFUSAL_PLANS, refusalBook } from '../../src/adapters/distributed/refusal-book.ts';
import { REVIEW_PLANS, reviewBook } from '../../src/adapters/distributed/review-book.ts';
import { REVOCATION_PLANS, revocationShelf } from '../../src/adapters/distributed/revocation-shelf.ts';
import { STATUS_PLANS, statusStore } from '../../src/adapters/distributed/status-store.ts';
import { VIEW_PLANS, viewBook } from '../../src/adapters/distributed/view-book.ts';
import { WORK_PLANS, workBook } from '../../src/adapters/distributed/work-book.ts';
import { writeLane } from '../../src/adapters/distributed/write-lane.ts';

const PLANS = [
  ...DRAFT_PLANS,
  ...CEREMONY_PLANS,
  ...DELEGATION_PLANS,
  ...WORK_PLANS,
  ...DOCUMENT_PLANS,
  ...EVENT_PLANS,
  ...STATUS_PLANS,
  ...REFUSAL_PLANS,
  ...DELIVERY_PLANS,
  ...ATTEMPT_PLANS,
  ...ALERT_PLANS,
  ...VIEW_PLANS,
  ...REVIEW_PLANS,
  ...AUGMENTATION_PLANS,
  ...AUGMENTATION_SCHEDULE_PLANS,
  ...REVOCATION_PLANS,
];

/** What one node has open on the database of this name. */
export async function openNode(url: string, name: string) {
  const mongo = await openMongo(url, name, PLANS);
  const lane = writeLane(mongo);
  return {
    mongo,
    documents: documentStore(mongo, lane),
    events: eventBook(mongo, lane),
    statuses: statusStore(mongo, lane),
    refusals: refusalBook(mongo, lane),
    drafts: draftStore(mongo, lane),
    ceremonies: ceremonyStore(mongo),
    delegations: delegationBook(mongo, lane),
    work: workBook(mongo, lane),
    deliveries: deliveryStore(mongo, lane),
    log: deliveryLog(mongo),
    attempts: attemptBook(mongo),
    alerts: alertBook(mongo),
    views: viewBook(mongo),
    reviews: reviewBook(mongo),
    augmentations: augmentationBook(mongo, lane),
    augmentationSchedule: augmentationSchedule(mongo),
    revocation: revocationShelf(mongo),
  };
}
