import type { Request, Response } from 'express';

/** A cookie that no script reads and no other site's form sends. */
export interface Cookie {
  read(request: Request): string | null;
  /** @param seconds how long the browser keeps it; until it closes where not given */
  write(response: Response, value: string, seconds?: number): void;
  clear(response: Response): void;
}

/**
 * HttpOnly and SameSite=Lax: Strict would be left out when the identity provider sends the browser back. Over TLS it is
 * Secure, and by its name bound to this host (RFC 6265bis §4.1.3.2).
 * @param value what a value of ours looks like; anything else is not read
 */
export function cookie(name: string, secure: boolean, value: RegExp): Cookie {
  const fullName = secure ? `__Host-${name}` : name;
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  const set = (response: Response, text: string) => response.append('Set-Cookie', `${fullName}=${text}`);
  return {
    read: (request) => {
      const found = (request.get('cookie') ?? '')
        .split(';')
        .map((part) => part.trim())
        .filter((part) => part.startsWith(`${fullName}=`))
        .map((part) => part.slice(fullName.length + 1));
      // Two of one name: one is not ours, and nobody knows which.
      const [only] = found;
      return found.length === 1 && only !== undefined && value.test(only) ? only : null;
    },
    write: (response, text, seconds) =>
      void set(response, `${text}${attributes}${seconds === undefined ? '' : `; Max-Age=${seconds}`}`),
    clear: (response) => void set(response, `${attributes}; Max-Age=0`),
  };
}
