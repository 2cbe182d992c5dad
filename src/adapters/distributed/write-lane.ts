import mongoose from 'mongoose';
import type { PendingEvent } from '../../document/index.ts';
import { batcher } from '../../kernel/index.ts';
import { GATHER_MS, type MongoDatabase, type Session } from './database.ts';
import { insertEvents } from './event-rows.ts';
import type { EventSubject } from './event-subjects.ts';
import { hopefully } from './hopefully.ts';

/** What one write came to, and the events that are stored with it. */
export interface Written<Result> {
  result: Result;
  events?: readonly PendingEvent[];
  /** The document of the events, where the step has it in hand. */
  subject?: EventSubject;
}

/**
 * Does all writes of one kind that share a transaction, in a few round trips for all of them; one outcome for each, in
 * order. Who loses against another writer gets that as a value: an error would undo the others' work as well.
 * @param hopeful write without a look at what is there: nearly always nobody was first. A write that then finds its key
 * taken, or throws `NotAsHoped`, undoes all, and all is done again with looks.
 */
export type Step<Item, Result> = (
  items: Item[],
  session: Session,
  hopeful: boolean,
) => Promise<Written<Result>[]>;

/**
 * The writes of one node. What is asked for while a transaction runs shares the next one, whatever its kind, and so
 * do the events of all of them: either a write is there and its events are, or neither.
 */
export interface WriteLane {
  /** Journalled by a majority on return. @throws what the driver throws */
  write<Item, Result>(step: Step<Item, Result>, item: Item): Promise<Result>;
}

interface Unit {
  step: Step<unknown, unknown>;
  item: unknown;
}
type Outcome = { value: unknown } | { error: unknown };

const UNITS_PER_COMMIT = 512;

export function writeLane(mongo: MongoDatabase): WriteLane {
  const commits = batcher<Unit, Outcome>((units) => commitTogether(mongo, units), {
    maxItems: UNITS_PER_COMMIT,
    gatherMs: GATHER_MS,
  });
  return {
    write: async <Item, Result>(step: Step<Item, Result>, item: Item) => {
      const outcome = await commits.add({ step: step as Unit['step'], item });
      if ('error' in outcome) throw outcome.error;
      return outcome.value as Result;
    },
  };
}

async function commitTogether(mongo: MongoDatabase, units: Unit[]): Promise<Outcome[]> {
  try {
    const results = await hopefully(mongo, (session, hopeful) => perform(mongo, units, session, hopeful));
    return results.map((value) => ({ value }));
  } catch (error) {
    if (units.length > 1 && isOfTheData(error)) return oneByOne(mongo, units);
    return units.map(() => ({ error }));
  }
}

/** One write that the server cannot take must not take the others with it. */
async function oneByOne(mongo: MongoDatabase, units: Unit[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const unit of units) outcomes.push(...(await commitTogether(mongo, [unit])));
  return outcomes;
}

/** False for what would meet every write alike: a server that is away, a conflict that did not end. */
function isOfTheData(error: unknown): boolean {
  return (
    error instanceof mongoose.mongo.MongoServerError &&
    !error.hasErrorLabel('TransientTransactionError') &&
    !error.hasErrorLabel('UnknownTransactionCommitResult')
  );
}

async function perform(
  mongo: MongoDatabase,
  units: Unit[],
  session: Session,
  hopeful: boolean,
): Promise<unknown[]> {
  const written = new Map<Unit, Written<unknown>>();
  for (const step of new Set(units.map((unit) => unit.step))) {
    const own = units.filter((unit) => unit.step === step);
    const outcomes = await step(
      own.map((unit) => unit.item),
      session,
      hopeful,
    );
    own.forEach((unit, i) => {
      written.set(unit, outcomes[i] as Written<unknown>);
    });
  }
  const inOrder = units.map((unit) => written.get(unit) as Written<unknown>);
  const told = inOrder.flatMap(({ events = [], subject }) => events.map((event) => ({ event, subject })));
  await insertEvents(mongo, told, session, hopeful);
  return inOrder.map((one) => one.result);
}
