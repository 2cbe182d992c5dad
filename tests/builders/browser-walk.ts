/** What a browser does without script: cookies, redirects, forms. Cookies do not know ports, so one jar serves one host. */
export interface Walker {
  cookies: Map<string, string>;
  /** All answers so far. */
  trail: { url: string; status: number }[];
  get(url: string): Promise<Page>;
  /** Sends a form from a page of the same origin. */
  post(url: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Page>;
  /** The same with files. */
  upload(url: string, form: FormData): Promise<Page>;
}

export interface Page {
  url: string;
  status: number;
  headers: Headers;
  text: string;
}

export function walker(headers: Record<string, string> = {}): Walker {
  const cookies = new Map<string, string>();
  const trail: Walker['trail'] = [];
  const keep = (answer: Response) => {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const gone = attributes.some((one) => /^max-age=0$/i.test(one) || /^expires=.*1970/i.test(one));
      if (gone || value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
  };
  async function go(url: string, init: RequestInit, hops = 0): Promise<Page> {
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: {
        accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...headers,
        ...(init.headers as Record<string, string>),
      },
    });
    keep(answer);
    trail.push({ url, status: answer.status });
    const where = answer.headers.get('location');
    if (where !== null && answer.status >= 300 && answer.status < 400 && hops < 10) {
      await answer.arrayBuffer();
      return go(new URL(where, url).href, { method: 'GET' }, hops + 1);
    }
    return { url, status: answer.status, headers: answer.headers, text: await answer.text() };
  }
  return {
    cookies,
    trail,
    get: (url) => go(url, { method: 'GET' }),
    upload: (url, form) =>
      go(url, {
        method: 'POST',
        body: form,
        headers: { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin' },
      }),
    post: (url, fields, more = {}) =>
      go(url, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin', ...more },
      }),
  };
}
