export { amendable } from './amends.ts';
export { type AnnexState, addAnnex, annexesOf, annexStates, removeAnnex } from './annexes.ts';
export { closeOldDrafts } from './archive.ts';
export { type Collected, collectArrivals, takeArrivals } from './collect.ts';
export { type Deadline, deadlineOf, isOverdue } from './deadline.ts';
export type { WorkProblemCode } from './errors.ts';
export * from './file.ts';
export * from './incoming.ts';
export { type IssueOrder, issueOutgoing } from './issue.ts';
export { COLLECTOR, collectsByItself, officesThatCollect, setCollecting } from './office.ts';
export * from './outgoing.ts';
export { checkRole, mayStep, missingChecks } from './permission.ts';
export { recoverWork } from './recover.ts';
export {
  agencyOfFile,
  OFFICE_CLIENT,
  officeCaller,
  rulesNow,
  type StepOrder,
  type WorkDesk,
} from './take.ts';
export { signingTicket, type TicketAct, type TicketOrder } from './ticket.ts';
export * from './words.ts';
export type { FileQuery, RegisterQuery, Replacement, WorkBook } from './work-book.ts';
