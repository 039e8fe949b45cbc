import { describe, expect, it } from 'vitest';
import { MOST_ROWS } from '../../shared/renewals/renewal.ts';
import { refusal } from '../fakes/command-world.ts';
import { aRenewalWorld } from '../fakes/renewal-world.ts';
import { aLicense } from '../fakes/world.ts';

describe('a plan of very many licenses', () => {
  it('is refused when its execution could make more events than Step Functions allows (F47)', async () => {
    const licenses = Array.from({ length: MOST_ROWS + 1 }, (_, index) =>
      aLicense({ serialNumber: `F${index}`, expiresOn: '2026-03-31' }),
    );
    const { ask } = await aRenewalWorld({ licenses });
    const request = { renewalId: 'r1', expiringOnOrBefore: '2026-03-31' };

    const tooMany = await ask('plan-renewal', request);
    await ask('delete-license', { serialNumber: 'F0' });
    const most = await ask('plan-renewal', request);

    expect(tooMany).toMatchObject(refusal('invalid-request', { faults: [{ place: 'expiring' }] }));
    expect(JSON.stringify(tooMany)).toContain(`a plan of ${MOST_ROWS + 1} rows`);
    expect(most).toMatchObject({ status: 'planned' });
  });
});
