import { setTimeout as sleep } from 'node:timers/promises';
import type mongoose from 'mongoose';
import { randomFraction } from '../../kernel/index.ts';

/** So long without a word from its client a transaction is taken for one that a dead node left behind. */
const DEAD_AFTER_US = 5_000_000;
/** Conflicts in a row after which it is no longer likely that a living rival causes them. */
const PATIENT_ATTEMPTS = 6;

type Session = mongoose.mongo.ClientSession;

/**
 * Work of a transaction that is done again after conflicts, a little later each time. What a killed node has written in
 * an open transaction stays locked until the server ends that (60 s by default, and a closed connection does not): who
 * is kept out for long ends such transactions itself. A node that lives loses nothing but the attempt.
 */
export function patiently<T>(work: (session: Session) => Promise<T>): (session: Session) => Promise<T> {
  let attempts = 0;
  return async (session) => {
    attempts++;
    if (attempts > 1) await sleep(randomFraction() * Math.min(2 ** attempts, 250));
    if (attempts > PATIENT_ATTEMPTS) await endDeadTransactions(session);
    return work(session);
  };
}

async function endDeadTransactions(session: Session): Promise<void> {
  // The driver's session knows its client; only the published types leave it out.
  const { client } = session as unknown as { client: mongoose.mongo.MongoClient };
  const admin = client.db('admin');
  const dead = await admin
    .aggregate<{ lsid: { id: mongoose.mongo.Binary } }>(
      [
        { $currentOp: { idleSessions: true, allUsers: false } },
        { $match: { active: false, 'transaction.timeInactiveMicros': { $gte: DEAD_AFTER_US } } },
        { $project: { 'lsid.id': 1 } },
      ],
      { readConcern: { level: 'local' } },
    )
    .toArray();
  if (dead.length > 0) await admin.command({ killSessions: dead.map(({ lsid }) => ({ id: lsid.id })) });
}
