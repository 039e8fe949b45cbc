type Page = { readonly url: string; readonly text: string; readonly headers: Headers };

/** A browser without scripts: it keeps cookies, follows redirects, and stops where the application would take over. */
export function aBrowser(origin: string, stopAt: string) {
  const cookies = new Map<string, string>();
  const expiries: string[] = [];
  const open = async (path: string, form?: Readonly<Record<string, string>>): Promise<Page> => {
    const url = new URL(path, origin).href;
    const response = await fetch(url, {
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form && { origin }),
      },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      const [, expiry] = /; expires=([^;]*)/i.exec(cookie) ?? [];
      if (expiry?.includes('1970')) {
        cookies.delete(name);
        continue;
      }
      cookies.set(name, value);
      if (expiry !== undefined) expiries.push(expiry);
    }
    const location = response.headers.get('location');
    if (location === null) return { url, text: await response.text(), headers: response.headers };
    return location.startsWith(stopAt)
      ? { url: location, text: '', headers: response.headers }
      : open(new URL(location, url).href);
  };
  return {
    open,
    /** The moments at which cookies would end. */
    expiries: () => expiries,
  };
}
