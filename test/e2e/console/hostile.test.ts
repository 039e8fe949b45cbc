import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeSegment } from '../../../functions/admin-api/path-segment.ts';
import { buildZip, fileXml, licenseXml } from '../../license-file/build-file.ts';
import { overflowingElements } from './accessibility.ts';
import { type ConsoleStack, consoleStack } from './console-stack.ts';
import { pagesOf } from './pages.ts';

/** What a page, a template, a spreadsheet or a reader could take for something else than a text. */
const TEXTS = [
  '<img src=x onerror=harmed=1>',
  '"><script>harmed=1;',
  '{{constructor.constructor("harmed=1")()}}',
  'javascript:harmed=1',
  'invoice\u202Efdp.exe',
  'W'.repeat(80),
  '__proto__',
  'constructor',
  "=cmd|' -C calc'!A0",
  '{count, plural, one {#}} <b>{x}',
] as const;
const [IMAGE, SCRIPT, TEMPLATE, , TURNED, LONG, PROTO, , FORMULA, BRACES] = TEXTS;
/** The longest word that a file may have for a serial number, and the name of a member that every object has. */
const SERIALS = ['W'.repeat(64), 'constructor', 'valueOf', 'toString'] as const;
/** Names of folders that the console could take for its own words for any folder. */
const WORDS = ['any', 'all', ':all', 'any:'] as const;
const IMPORTED = `${IMAGE}${TURNED}${BRACES}.zip`;
const REJECTED = `${FORMULA}${LONG}${PROTO}.zip`;

let stack: ConsoleStack;
beforeAll(async () => {
  stack = await consoleStack();
  const year = Number((await stack.client.now()).slice(0, 4));
  const administer = async (command: string, members: object = {}, actor: string = SCRIPT) => {
    const answer = await stack.client.invoke('administer', { tenant: 'acme', actor, command, ...members });
    expect(answer, command).not.toHaveProperty('error');
    return answer;
  };
  const upload = async (name: string, xml: string) => {
    const key = `tenants/acme/uploads/${name}`;
    await stack.client.upload(key, buildZip([{ name: 'license.xml', data: xml }, { name: SCRIPT }]));
    return stack.client.reportOf(key);
  };
  const term = { customer: FORMULA, validFrom: `${year - 1}-12-15`, expiryDate: `${year}-12-31` };
  const root = `customer="${FORMULA}" issued="${year - 1}-12-10"`;

  for (const folder of [...TEXTS, ...WORDS, `${LONG}/${LONG}/${IMAGE}`]) await administer('create-folder', { folder });
  await Promise.all(
    TEXTS.map((user, index) =>
      administer('put-user-card', { user, card: { name: TEXTS.at(index - 1), folder: TEXTS.at(index - 2) } }, user),
    ),
  );
  // The API refuses the name of a prototype as the name of a claim.
  const claims = TEXTS.filter((text) => text !== PROTO);
  await administer('update-tenant', {
    settings: {
      customers: ['acme', ...TEXTS],
      folderClaims: { folders: Object.fromEntries(claims.map((claim, index) => [claim, TEXTS.at(index)])) },
      poolThresholds: TEXTS.map((folder) => ({ folder, type: 'floating', access: 'write', free: 9 })),
    },
  });
  const types = ['Floating', 'Dedicated'] as const;
  const licenses = [
    ...SERIALS.map((serialNumber) => ({ ...term, serialNumber, type: 'Dedicated' })),
    ...TEXTS.flatMap((modules, index) =>
      types.map((type) => ({ ...term, type, modules, serialNumber: `${type}-${index}` })),
    ),
  ];
  expect(
    await upload(
      IMPORTED,
      fileXml(
        licenses.map((one) => licenseXml(one)),
        root,
      ),
    ),
  ).toMatchObject({ faults: [] });
  const wrong = TEXTS.map((text) =>
    licenseXml({ ...term, serialNumber: text, type: text, access: text, validFrom: text }),
  );
  expect(await upload(REJECTED, fileXml(wrong, root))).toHaveProperty('faults.0');

  await administer('assign-license', { serialNumber: SERIALS[0], user: LONG });
  await administer('assign-license', { serialNumber: SERIALS[1], user: IMAGE });
  await administer('move-license', { serialNumber: SERIALS[0], folder: `${LONG}/${LONG}/${IMAGE}` }, LONG);
  await Promise.all(
    TEXTS.map((folder, index) => administer('move-license', { serialNumber: `Floating-${index}`, folder }, folder)),
  );
  await administer('delete-license', { serialNumber: 'Dedicated-0' }, BRACES);
  await administer('put-webhook', {
    settings: { url: `https://esm.example/${IMAGE}${TEMPLATE}?${LONG}`, secret: 'file:webhook' },
  });
  await administer('put-hook', {
    provider: 'okta',
    settings: { tenants: TEXTS.map((text) => `okta:${text}`), authorization: 'file:okta', clientIds: TEXTS },
  });
  await administer('link-id', { user: IMAGE, linkedId: `${TEMPLATE} linked` });
  await Promise.all(
    TEXTS.map((user) => stack.client.invoke('login', { tenant: 'acme', user, session: `${user} session` })),
  );
  await administer('plan-renewal', { renewalId: 'hostile', expiringOnOrBefore: `${year}-12-31` });
});
afterAll(() => stack.stop());

const SHOWN = { serialNumber: SERIALS[1], assigned: SERIALS[0], user: IMAGE, denied: TURNED, folder: LONG };
const ADDRESSES = [
  ...pagesOf(SHOWN),
  ...TEXTS.map((user) => `users/${encodeSegment(user)}`),
  ...['plan', 'people', 'rows', 'report'].map((tab) => `renewals/hostile?tab=${tab}`),
  'renewals?plan=yes',
];

describe.each([1280, 320])('at %i pixels', (width) => {
  test('texts that are made to do harm are shown as they are, on every page, and do nothing', async () => {
    const { open, page, end } = await stack.visit(
      { role: 'administrator' },
      { viewport: { width, height: width === 320 ? 640 : 800 } },
    );
    const seen = new Set<string>();
    const faults: string[] = [];
    const look = async (what: string) => {
      const { shown, outside } = await hostileTexts(page);
      for (const text of shown) seen.add(text);
      faults.push(...outside.map((one) => `${what}: not isolated in ${one}`));
      const cut = await overflowingElements(page, { mayShorten: true });
      faults.push(...cut.map((one) => `${what}: cut off in ${one}`));
    };

    for (const address of ADDRESSES) {
      await open(`t/acme/${address}`);
      await look(address);
    }
    const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).first().click();
    const overlays = page.locator('.overlay, .popover');
    /** The first Escape of a search empties it. */
    const closeAll = async () => {
      while ((await overlays.count()) > 0) {
        await page.keyboard.press('Escape');
        await page.evaluate('new Promise(requestAnimationFrame)');
      }
    };
    const lookInto = async (address: string, ...names: readonly (string | RegExp)[]) => {
      await open(`t/acme/${address}`);
      for (const name of names) {
        await press(name);
        await overlays.first().waitFor();
        await look(`${address}, ${name}`);
        await closeAll();
      }
    };
    const lookAtReport = async (name: string) => {
      await open('t/acme/imports');
      await page.getByRole('row').filter({ hasText: name }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await look(`report of ${name}`);
    };

    await lookAtReport(REJECTED);
    await lookAtReport(IMPORTED);
    await press('Compare with now');
    await page.waitForURL(/preview=/);
    await page.getByRole('row', { name: SERIALS[0] }).first().waitFor();
    await look('preview');
    await lookInto('users', /Folder$/);
    await lookInto(`licenses/${SERIALS[0]}`, 'Actions');
    await lookInto(`users/${encodeSegment(IMAGE)}`, 'Edit', 'Link an id', 'Assign a license', 'Remove');
    await lookInto('settings/general', 'Edit', 'Choose the pools');
    await lookInto('settings/folders', 'Edit');
    await lookInto('settings/webhook', 'Edit', 'Delete');
    await lookInto('settings/identity/okta', 'Edit', 'Delete');
    await page.keyboard.press('Control+k');
    await page.getByRole('searchbox').fill(`${LONG}${TURNED}`);
    await page.getByRole('menuitem').first().waitFor();
    await look('palette');
    await closeAll();
    if (width === 320) await lookInto('today', 'Pages');

    // A change of a license stands in a message, and in the drawer.
    const folder = width === 320 ? LONG : BRACES;
    await open(`t/acme/licenses/${SERIALS[0]}`);
    await press('Actions');
    await page.getByRole('menuitem', { name: 'Move' }).click();
    await page.getByRole('combobox').fill(folder);
    await page.getByRole('option', { name: folder, exact: true }).waitFor();
    await look('move');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Move', exact: true }).click();
    await page.locator('.toast').waitFor();
    await look('message');
    await page.getByRole('button', { name: /^What I changed/ }).click();
    await page.locator('.activity').waitFor();
    await look('drawer');
    expect(faults).toEqual([]);
    expect([...seen].toSorted()).toEqual([...new Set([...TEXTS, ...SERIALS])].toSorted());
    expect(await page.evaluate('"harmed" in globalThis')).toBe(false);
    await end();
  });
});

test('a folder that is named like a word of the console is chosen, and no other', async () => {
  const { open, page, end } = await stack.visit({ role: 'viewer' });

  for (const folder of WORDS) {
    await open(`t/acme/licenses?${new URLSearchParams({ folder })}`);
    await page.getByRole('row', { name: folder, exact: true, selected: true }).waitFor();
    expect(await page.locator('.tree [aria-selected=true] .tree-text').allTextContents()).toEqual([folder]);
    expect(await page.locator('.filter-folder .select-value').textContent()).toBe(folder);
  }
  await end();
});

/** Returns which of the texts a page shows as they are, and where one of them is not isolated from its neighbors. */
function hostileTexts(page: Page): Promise<{ readonly shown: string[]; readonly outside: string[] }> {
  return page.evaluate(`(() => {
    const texts = ${JSON.stringify([...TEXTS, ...SERIALS])};
    const shown = [], outside = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      if (!parentElement.checkVisibility()) continue;
      const found = texts.filter((text) => data.includes(text));
      if (found.length === 0 || parentElement.closest('textarea') !== null) continue;
      // A picture has no such element. A name is alone in its text, or between signs that mean the same.
      const isIsolated = parentElement.closest('text') === null
        ? parentElement.closest('bdi') !== null
        : found.includes(data) || !texts.some((text) => data.replaceAll(/\\u2068[^\\u2069]*\\u2069/g, '').includes(text));
      if (isIsolated) shown.push(...found);
      else outside.push((parentElement.closest('[class]')?.getAttribute('class') ?? '') + ': ' + data.slice(0, 60));
    }
    return { shown, outside: [...new Set(outside)] };
  })()`);
}
