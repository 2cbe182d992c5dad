/** Hosts that name this machine alone: only for them any port may be allowed. */
const LOOPBACK_ANY_PORT = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\*$/;

/** An origin as browsers write it (RFC 6454 §6.1), or a loopback one with the port `*`. */
export function isOriginPattern(text: string): boolean {
  if (LOOPBACK_ANY_PORT.test(text)) return true;
  return URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text);
}

/** Whether an origin (or a pattern itself) is one of those that are allowed. */
export function isAllowedOrigin(origin: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => {
    if (one === origin) return true;
    return LOOPBACK_ANY_PORT.test(one) && origin.replace(/:\d+$/, '') === one.slice(0, -2);
  });
}
