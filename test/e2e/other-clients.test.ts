import { afterAll, beforeAll, expect, test } from 'vitest';
import { licensesAlike, licenseZip } from '../../infra/local/sample-files.ts';
import * as contract from './license-service/contract-shapes.ts';
import { CLIENTS, fileNamed } from './license-service/other-clients.ts';
import { peacefulStack } from './license-service/peaceful-stack.ts';

const ISSUED = '2026-01-02';
const TERM = { validFrom: '2026-01-01', expiryDate: '2026-03-31' } as const;
const NEXT_TERM = { validFrom: '2026-02-01', expiryDate: '2027-01-31' } as const;

let stack: Awaited<ReturnType<typeof peacefulStack>>;
beforeAll(async () => {
  stack = await peacefulStack({ now: '2026-03-02T06:00:00.000Z' });
});
afterAll(() => stack.stop());

test.each(Object.entries(CLIENTS))('upload, login and renewal with %s', async (name, clientOf) => {
  const tenant = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const owner = stack.of(tenant);
  await owner.create();
  const client = clientOf(stack.endpoints);
  process.stdout.write(`upload, login and renewal with ${client.called}\n`);
  const send = async (year: string, under: string, licenses: ReturnType<typeof licensesAlike>): Promise<string> => {
    const zip = await licenseZip({ customer: tenant, issued: ISSUED, licenses });
    const file = fileNamed(`licenses ${year}.zip`.replace(' ', '-'), zip);
    await client.upload(file.path, `tenants/${tenant}/${under}`);
    file.remove();
    return `tenants/${tenant}/${under}/licenses-${year}.zip`;
  };

  const upload = await send('2026', 'uploads', licensesAlike(2, 'D1001', { type: 'Dedicated', ...TERM }));
  expect(await owner.reportOn(upload)).toMatchObject({ status: 'accepted', counts: { added: 2 } });

  const receipt = contract.receipt.parse(await client.invoke('login', { tenant, user: 'ada', session: 'a1' }));
  expect(receipt).toMatchObject({ outcome: 'allocated', step: 'dedicated-in-root', user: 'ada', session: 'a1' });
  const { license } = receipt;
  expect(contract.endedSessions.parse(await client.invoke('end-session', { tenant, user: 'ada' }))).toEqual({
    ended: 1,
    license: license?.serialNumber,
    nowFree: false,
  });
  const asked = { tenant, actor: 'anna', command: 'list-licenses', state: 'free' };
  expect(contract.licenses.parse(await client.invoke('administer', asked)).licenses).toHaveLength(1);

  const next = await send('2027', 'renewals', licensesAlike(2, 'D2001', { type: 'Dedicated', ...NEXT_TERM }));
  const input = await owner.approved({ renewalId: '2027', expiringOnOrBefore: TERM.expiryDate, upload: next });
  const arn = await client.startExecution(`${tenant}.2027`, input);
  await stack.runDue();
  await stack.moveClock({ advance: 'P1D' });
  await stack.runDue();
  expect(contract.renewalOutput.parse(await client.outputOf(arn))).toEqual({
    renewalId: '2027',
    status: 'finished',
    counts: { replaced: 2, extended: 0, shortfall: 0, leftOver: 0, deleted: 2, stillInUse: 0 },
  });
  await owner.audit();
});
