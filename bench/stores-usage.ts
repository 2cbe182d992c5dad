import mongoose from 'mongoose';

/** What a MongoDB server has done since its start. */
export interface MongoUsage {
  cpuMs: number;
  /** Commands of every kind but those of its own housekeeping. */
  commands: Readonly<Record<string, number>>;
  committed: number;
  aborted: number;
}

interface ServerStatus {
  extra_info: { user_time_us: number; system_time_us: number };
  metrics: { commands: Record<string, { total: number } | number> };
  transactions: { totalCommitted: number; totalAborted: number };
}

const COUNTED = [
  'find',
  'aggregate',
  'insert',
  'update',
  'delete',
  'findAndModify',
  'getMore',
  'commitTransaction',
  'abortTransaction',
];

/** Figures of the whole server: other work on it is in them too. */
export async function mongoUsage(url: string): Promise<MongoUsage> {
  const connection = await mongoose.createConnection(url).asPromise();
  try {
    const status = (await connection.db?.admin().command({ serverStatus: 1 })) as unknown as ServerStatus;
    const { user_time_us: user, system_time_us: system } = status.extra_info;
    const counts = status.metrics.commands;
    return {
      cpuMs: (user + system) / 1000,
      commands: Object.fromEntries(COUNTED.map((name) => [name, totalOf(counts[name])])),
      committed: status.transactions.totalCommitted,
      aborted: status.transactions.totalAborted,
    };
  } finally {
    await connection.close();
  }
}

function totalOf(count: { total: number } | number | undefined): number {
  return typeof count === 'object' ? count.total : 0;
}
