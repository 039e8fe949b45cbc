import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleStack, consoleStack } from './console-stack.ts';

let stack: ConsoleStack;
/** An instant after the licenses were imported and before anybody had one. */
let before: string;

const administer = async (command: string, members: Record<string, unknown>) => {
  const answer = await stack.client.invoke('administer', { tenant: 'acme', actor: 'grace', command, ...members });
  expect(answer).not.toHaveProperty('error');
  return answer;
};
const login = (user: string) => stack.client.invoke('login', { tenant: 'acme', user, session: `session of ${user}` });
const card = (user: string) => administer('get-user-card', { user });

beforeAll(async () => {
  stack = await consoleStack();
  before = await stack.client.now();
  await stack.client.moveClock({ advance: 'PT1H' });
  await administer('put-user-card', { user: 'ada', card: { name: 'Ada Lovelace' } });
  await administer('assign-license', { serialNumber: 'D1001', user: 'ada' });
  await administer('assign-license', { serialNumber: 'D1002', user: 'kim' });
  await login('ada');
  // Six floating licenses and two dedicated ones are free for eight users. The next one is denied.
  for (const user of ['bob', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida']) await login(user);
  expect(await login('lea')).toMatchObject({ outcome: 'denied' });
});
afterAll(() => stack.stop());

test('a user is found from the keyboard, and the card tells why the login was denied', async () => {
  const { open, page, end } = await stack.visit({ role: 'viewer' });
  await open('t/acme/users');

  await page.getByRole('row', { name: /Ada Lovelace/ }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('le');
  await expect.poll(() => page.getByRole('row').count()).toBe(2);
  await page.getByRole('row', { name: /lea/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByText(/The last login, .*, was denied: no license was free/).waitFor();
  await page.getByRole('tab', { name: 'Now' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByText('No license was free on any step.').first().waitFor();

  expect(new URL(page.url()).pathname).toBe('/console/t/acme/users/lea');
  expect(new URL(page.url()).search).toBe('?q=le&tab=why');
  await end();
});

test('another need in another folder would get a license, and its step is marked', async () => {
  const { open, page, end } = await stack.visit({ role: 'viewer' });
  await open('t/acme/why?user=lea');

  await page
    .getByRole('heading', { name: /^Last login, / })
    .first()
    .waitFor();
  await page.getByRole('button', { name: /Needs/ }).click();
  await page.getByRole('option', { name: 'read' }).click();
  await page
    .getByText(/Takes the free license R100\d in Root folder/)
    .first()
    .waitFor();
  const rung = page.getByRole('listitem').filter({ hasText: 'Floating in the root' }).first();

  expect(await rung.textContent()).toContain('changed');
  expect(await rung.textContent()).toMatch(/2 free, one taken/);
  expect(new URL(page.url()).search).toBe('?user=lea&access=read');
  expect(await card('lea')).toMatchObject({ access: 'write' });
  await end();
});

test('a folder shows who would be denied', async () => {
  const { open, page, end } = await stack.visit({ role: 'viewer' });
  await open('t/acme/why?of=folder&folder=Sales');

  await page.getByText(/Sales: 3 would work, 2 would be denied/).waitFor();
  await page.getByRole('button', { name: /Outcome/ }).click();
  await page.getByRole('option', { name: 'Denied' }).click();
  await expect.poll(() => page.getByRole('row').count()).toBe(3);
  await page.getByRole('row', { name: /lea/ }).waitFor();
  await end();
});

test('a license shows who held it at an instant, under a link that shows the same', async () => {
  const { open, page, end } = await stack.visit({ role: 'viewer' });
  await open(`t/acme/history/as-of?of=license&name=D1001&at=${before}`);

  await page.getByText(/nobody held D1001/).waitFor();
  await open('t/acme/history/as-of');
  await page.getByText('Who held it on 3 May at 14:03?').waitFor();
  await page.getByLabel('Serial number').fill('D1001');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByText(/ada worked on D1001|nobody held D1001/).waitFor();

  expect(new URL(page.url()).searchParams.get('at')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00.000Z$/);
  await end();
});

test('the day tells each change by what was before and after, and narrows to an actor', async () => {
  const { open, page, end } = await stack.visit({ role: 'viewer' });
  await administer('move-license', { serialNumber: 'M1001', folder: 'Sales' });
  // The history follows the table with a delay.
  const moves = async () => (await administer('list-tenant-history', { cause: 'move-license' }))['entries'];
  await expect.poll(moves).toHaveLength(1);
  await open('t/acme/history');

  await page.getByText('M1001 moved: Root folder → Sales').waitFor();
  await page.getByRole('searchbox', { name: 'Who did it' }).fill('grace');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByText('was taken into use').count()).toBe(0);
  await page.getByText('D1001 was assigned to ada').waitFor();
  expect(new URL(page.url()).search).toBe('?actor=grace');
  await end();
});

test('a card that somebody else changed in another tab shows both sides, and mine is done on top', async () => {
  const [mine, theirs] = await Promise.all([
    stack.visit({ role: 'administrator' }),
    stack.visit({ role: 'administrator' }),
  ]);
  for (const { open, page } of [mine, theirs]) {
    await open('t/acme/users/eve');
    await page.getByRole('button', { name: 'Edit' }).click();
  }
  const choose = async ({ page }: typeof mine, field: string, choice: string) => {
    await page.getByRole('dialog').getByRole('button', { name: field }).click();
    await page.getByRole('option', { name: choice, exact: true }).click();
    await page.getByRole('button', { name: 'Save' }).click();
  };

  await choose(theirs, 'Level', 'Root');
  await theirs.page.getByText('eve was changed').waitFor();
  await choose(mine, 'Folder', 'Sales');
  await mine.page.getByRole('heading', { name: /Somebody else has changed eve/ }).waitFor();

  const sides = mine.page.getByRole('dialog').getByRole('row');
  expect(await sides.allTextContents()).toEqual([
    'You had readTheirs, nowYours',
    'Name–––',
    'FolderFinance/HelsinkiFinance/HelsinkiSales',
    'LevelNormalRootRoot',
    'Needswritewritewrite',
  ]);
  await mine.page.getByRole('button', { name: 'Do mine on top' }).click();
  await mine.page.getByText('eve was changed').waitFor();
  expect(await card('eve')).toMatchObject({ folder: 'Sales', level: 'root' });
  await mine.end();
  await theirs.end();
});

test('several users move after a preview, and move back from the drawer', async () => {
  const { open, page, end } = await stack.visit({ role: 'administrator' });
  await open('t/acme/users?folder=Finance');

  for (const user of ['bob', 'cyd']) await page.getByRole('checkbox', { name: `Select ${user}` }).click();
  await page.getByRole('button', { name: 'Move or change…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Folder' }).click();
  await page.getByRole('option', { name: 'Sales' }).click();
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByText('2 would change').waitFor();
  expect(await card('bob')).toMatchObject({ folder: 'Finance' });
  await page.getByRole('button', { name: 'Change 2 users' }).click();
  await page.getByText('2 users changed').waitFor();
  expect(await card('bob')).toMatchObject({ folder: 'Sales' });

  await page.getByRole('button', { name: /What I changed/ }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('undone').waitFor();
  expect(await card('bob')).toMatchObject({ folder: 'Finance' });
  await end();
});

test('a session is ended, and a user is removed only after the id was typed', async () => {
  const { open, page, end } = await stack.visit({ role: 'administrator' });
  await open('t/acme/users/gus');

  await page.getByRole('button', { name: /^Disconnect/ }).click();
  await page.getByText('Nobody is logged in with this card.').waitFor();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  const remove = page.getByRole('button', { name: 'Remove the user' });
  expect(await remove.getAttribute('aria-disabled')).toBe('true');
  await page.getByLabel('Type gus to confirm').fill('gus');
  await remove.click();
  await page.getByText(/gus was removed/).waitFor();
  const gone = await stack.client.invoke('administer', {
    tenant: 'acme',
    actor: 'test',
    command: 'get-user-card',
    user: 'gus',
  });
  expect(gone).toMatchObject({ error: { code: 'unknown-user' } });
  await end();
});

test('licenses of users who are not there are released after a preview', async () => {
  await stack.client.moveClock({ advance: 'P31D' });
  const { open, page, end } = await stack.visit({ role: 'administrator' });
  await open('t/acme/users?show=inactive&days=30');

  await page.getByRole('checkbox', { name: 'Select kim' }).click();
  await page.getByRole('button', { name: 'Release 1 license' }).click();
  await page.getByText('1 would change').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Release 1 license' }).click();
  await page.getByText('1 license released').waitFor();
  expect(await administer('get-license', { serialNumber: 'D1002' })).not.toHaveProperty('assignedTo');
  await end();
});

test('a viewer sees why nothing can be changed', async () => {
  const { open, page, end } = await stack.visit({ role: 'viewer' });
  await open('t/acme/users/ada');

  await page.getByRole('button', { name: 'Edit' }).focus();
  await page
    .getByRole('tooltip')
    .getByText(/may look at everything and change nothing/)
    .waitFor();
  await end();
});
