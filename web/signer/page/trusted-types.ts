/** Trusted Types (W3C) as far as they are used here. */
interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

const { trustedTypes } = globalThis as unknown as { trustedTypes?: Policies };

/** The only policy that the page's CSP allows: workers from this origin's own folder, and no markup or script at all. */
const policy = trustedTypes?.createPolicy('edoc', {
  createScriptURL: (url) => {
    const folder = new URL('./', import.meta.url).href;
    if (!url.startsWith(folder) || url.includes('..')) throw new TypeError(`no script of ours: ${url}`);
    return url;
  },
});

export function workerUrl(url: string): unknown {
  return policy ? policy.createScriptURL(url) : url;
}
