import { createHash } from 'node:crypto';
import { SAMPLE_PEOPLE, type SamplePerson } from './sample-people.ts';

const STYLE = `
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif }
body { margin: 0 }
main { box-sizing: border-box; max-width: 30rem; margin: 0 auto; padding: 2rem 1rem }
h1 { font-size: 1.5rem; line-height: 1.25 }
ul { list-style: none; padding: 0 }
li { margin: 0.5rem 0 }
button { box-sizing: border-box; font: inherit; min-height: 3rem; padding: 0.5rem 1rem; text-align: start; width: 100% }
`;

/**
 * Returns the headers of each page of the provider. A form is sent to the provider, whose answer leads to the console.
 * An empty `script-src` allows no script. The provider adds the hash of its own script there, in the two answers that
 * send themselves on.
 */
export function pageHeaders(consoleOrigin: string): Readonly<Record<string, string>> {
  const style = createHash('sha256').update(STYLE).digest('base64');
  return {
    'content-security-policy':
      `default-src 'none'; script-src; style-src 'sha256-${style}'; ` +
      `form-action 'self' ${consoleOrigin}; base-uri 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
}

/** Returns the page where a person is chosen. It asks for no password, because everybody here is invented. */
export function loginPage(): string {
  return page(
    'Sign in',
    `<p>This is the local stack. Choose who you are. No password is needed.</p>
<form method="post">
<ul>
${SAMPLE_PEOPLE.map(choice).join('\n')}
</ul>
<button name="person" value="">Do not sign in</button>
</form>`,
  );
}

/** `form` is the provider's, without a button. */
export function logoutPage(form: string): string {
  return page(
    'Sign out',
    `<p>Do you want to sign out of the local stack?</p>
${form}
<ul>
<li><button form="op.logoutForm" name="logout" value="yes">Sign out</button></li>
<li><button form="op.logoutForm">Stay signed in</button></li>
</ul>`,
  );
}

/** Returns the page for a request that cannot be answered. `reason` is a text of the provider. */
export function faultPage(reason: string, consoleUrl: string): string {
  return page(
    'This did not work',
    `<p>${asText(reason)}</p>\n<p><a href="${asText(consoleUrl)}">Start again from the console</a></p>`,
  );
}

function choice({ user, name, role, tenant }: SamplePerson): string {
  const place = tenant === undefined ? 'of the whole service' : `of ${tenant}`;
  return `<li><button name="person" value="${user}"><strong>${name}</strong>, ${role} ${place}</button></li>`;
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title} – ESM License Service</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const asText = (text: string) => text.replaceAll(/[&<>"]/g, (letter) => ESCAPES[letter] ?? letter);
