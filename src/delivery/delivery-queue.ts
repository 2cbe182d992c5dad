/**
 * Tells waiting readers and couriers that there may be something for a recipient. A hint only: it may be lost, late
 * or doubled; the sweeper finds what a lost hint left behind.
 */
export interface DeliveryQueue {
  wake(recipientIds: readonly string[]): void;
  /** Resolves true when one of the recipients was woken, false after `ms` milliseconds or when the signal aborts. */
  wait(recipientIds: readonly string[], ms: number, signal: AbortSignal): Promise<boolean>;
  /** Calls the listener for every wake-up until the returned function is called. */
  listen(listener: (recipientId: string) => void): () => void;
}
