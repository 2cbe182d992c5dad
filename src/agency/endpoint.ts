/** Where and how an agency's system is told of deliveries. Registered by an administrator. */
export interface Endpoint {
  agencyId: string;
  /** https (or http inside the allowed networks) URL, without user information; empty for `office`. */
  url: string;
  /**
   * `notify`: the body is an event and content is pulled; `content`: the body is the original, a 2xx that repeats its sha256 is the ack.
   * `office`: nothing is called; the agency has no system of its own, and the axis's pages take in what comes.
   */
  push: 'notify' | 'content' | 'office';
  /** PEM of the CA that the agency's server certificate must chain to; null for the system's own. */
  ca: string | null;
  active: boolean;
  updatedAt: string;
}
