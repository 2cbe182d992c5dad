export * from './accept-signed.ts';
export { receiptOf } from './answer.ts';
export {
  augmentAttachment,
  augmentationsOf,
  augmentationsOfVersion,
  augmentationView,
  augmentedFile,
  augmentedVersion,
} from './augment.ts';
export { type AugmentationRound, augmentDue } from './augment-due.ts';
export * from './authority.ts';
export * from './caller.ts';
export * from './ceremony.ts';
export * from './certificates.ts';
export * from './check.ts';
export {
  type Consent,
  type ConsentOrder,
  giveConsent,
  revokeConsent,
} from './consents.ts';
export * from './content.ts';
export * from './drafts.ts';
export { type EndpointTest, type EndpointTested, setEndpointActive, testEndpoint } from './endpoint-acts.ts';
export * from './errors.ts';
export { evidenceOf } from './evidence.ts';
export * from './file-passes.ts';
export * from './fsck.ts';
export { decideHeld, expireHeld } from './held.ts';
export * from './inbox.ts';
export { type Extras, type Submitted, submit } from './journey.ts';
export type { DocumentReport, ReportedBinding } from './judge.ts';
export type { SignedAnswer } from './keep-signed.ts';
export { type NumberOrder, numberDraft, type Spot } from './numbering.ts';
export { cancelDelivery, listDeliveries, type OperatorAct, retryDelivery } from './operate.ts';
export { isOriginPattern } from './origins.ts';
export { asParty, isRecorded, type PartyView } from './parties.ts';
export * from './people.ts';
export { type PublicProof, paperCodeOf, publicProof } from './public-proof.ts';
export * from './push.ts';
export {
  freshSubject,
  pendingEvent,
  publicSubject,
  putOnRecord,
  recordPending,
  type Subject,
} from './record.ts';
export * from './recover.ts';
export { refuse } from './refuse.ts';
export * from './registry-acts.ts';
export { type FoundResult, fileOfResult, resultsOfCase } from './results.ts';
export { dropContent, listPeriods, type RetainedPeriod } from './retention.ts';
export { reviewDue } from './review.ts';
export { reviseDraft } from './revise.ts';
export type { SigningDesk, Stations } from './stations.ts';
export { recall, reportStatus, reportStatusJson } from './statuses.ts';
export * from './tickets.ts';
export { callerView, documentList, eventFeed, timelineOf, visibleTo } from './views.ts';
