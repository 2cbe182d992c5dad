import type mongoose from 'mongoose';
import { TrucError } from '../../kernel/index.ts';

/** What a database says of itself. */
export interface LayoutRow {
  _id: 'truc';
  /** The newest layout that `truc migrate` has brought it to. */
  version: number;
  /** The oldest program that may work on it; where it is absent, the one before `version`. */
  readableFrom?: number;
  /** A step that takes away what older programs need has begun and not ended. */
  contracting?: number;
  /** How far a migration has come in each collection. */
  walks?: Readonly<Record<string, string>>;
  /** There is a part of an archive, and nothing but its import may work here. */
  importing?: {
    archive: string;
    /** The installation was seen to be empty under this mark. */
    empty: boolean;
  } | null;
}

type Layouts = mongoose.mongo.Collection<LayoutRow>;

export const LAYOUT = 'layout';

/** The layout that this program writes. It also works on the one before, until `truc migrate` has been run. */
export const LAYOUT_VERSION = 3;

/** From this layout on, once no program before it may work here, content lies by quarters. */
export const CONTENT_BY_QUARTERS = 2;

/** From this layout on deliveries and documents have what the administrators' log asks for. */
export const DELIVERY_LOG = 3;

/** What a layout row says, with what it leaves out. */
export function stateOf(row: LayoutRow | null): { version: number; readableFrom: number } {
  const version = row?.version ?? 1;
  return { version, readableFrom: row?.readableFrom ?? Math.max(1, version - 1) };
}

/**
 * Says whether a program may work on a database; an empty one gets the program's layout.
 * @param program the layout that it writes
 * @returns the oldest layout whose programs may work on it too
 * @throws TrucError `adapters.store-newer`, `adapters.store-older`, `adapters.import-unfinished`
 */
export async function checkLayout(
  layouts: Layouts,
  importing: string | null,
  program: number = LAYOUT_VERSION,
): Promise<number> {
  await layouts.updateOne(
    { _id: 'truc' },
    { $setOnInsert: { version: program, readableFrom: program } },
    { upsert: true },
  );
  const found = await layouts.findOne({ _id: 'truc' });
  const { version, readableFrom } = stateOf(found);
  if (readableFrom > program)
    throw new TrucError('adapters.store-newer', { found: readableFrom, known: program });
  if (version < program - 1) throw new TrucError('adapters.store-older', { found: version, known: program });
  const archive = found?.importing?.archive ?? importing;
  if (archive !== importing) throw new TrucError('adapters.import-unfinished', { archive });
  return readableFrom;
}

/** The mark that keeps everybody else away while an archive is imported. */
export interface ImportMark {
  /** True when it is there. */
  begun(): Promise<boolean>;
  /** Sets the mark. @returns true when an import of this archive had begun here, so that what is there is its own */
  begin(): Promise<boolean>;
  /** From now on what is there is the archive's. */
  confirmEmpty(): Promise<void>;
  /** Takes the mark away. */
  end(): Promise<void>;
}

/** @throws TrucError `adapters.import-unfinished` from `begin` when another archive was faster */
export function importMark(layouts: Layouts, archive: string): ImportMark {
  return {
    begun: async () => (await layouts.findOne({ _id: 'truc' }))?.importing?.archive === archive,
    begin: async () => {
      await layouts.updateOne(
        { _id: 'truc', 'importing.archive': { $exists: false } },
        { $set: { importing: { archive, empty: false } } },
      );
      const mark = (await layouts.findOne({ _id: 'truc' }))?.importing;
      if (mark?.archive !== archive)
        throw new TrucError('adapters.import-unfinished', { archive: mark?.archive ?? '' });
      return mark.empty;
    },
    confirmEmpty: async () => {
      await layouts.updateOne(
        { _id: 'truc', 'importing.archive': archive },
        { $set: { 'importing.empty': true } },
      );
    },
    end: async () => {
      await layouts.updateOne({ _id: 'truc', 'importing.archive': archive }, { $unset: { importing: '' } });
    },
  };
}
