/** A view of the delivery log that somebody saved under a name. */
export interface SavedView {
  personId: string;
  /** One of a person; writing it again replaces its address. */
  name: string;
  /** Query of the address, without `?` and without the place in the pages. */
  address: string;
  /** RFC 3339 UTC. */
  savedAt: string;
}

/** The most views that one person keeps. */
export const VIEWS_KEPT = 30;

/** Saved views of people. Durable on return. */
export interface ViewBook {
  /** In the order of their names. */
  of(personId: string): Promise<SavedView[]>;
  /** @returns false where it would be one too many */
  put(view: SavedView): Promise<boolean>;
  remove(personId: string, name: string): Promise<void>;
}
