import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchWords } from '../../shared/licensing/login/search-words.ts';
import {
  calendarFeedKey,
  hash8,
  IDLE_SHARDS,
  idleShard,
  licenseKey,
  partitions,
  searchKey,
  userCardKey,
  vacancyKey,
  vacancyPrefix,
} from '../../shared/store/keys.ts';

const tenant = fc.stringMatching(/^[a-z0-9-]{1,40}$/);

describe('keys', () => {
  it('of two tenants are never the same, whatever a user is called (I10)', () => {
    fc.assert(
      fc.property(tenant, fc.string(), tenant, fc.string(), (one, user, other, another) => {
        fc.pre(one !== other || user !== another);
        expect(userCardKey(one, user).pk).not.toBe(userCardKey(other, another).pk);
        if (one === other) return;
        expect(licenseKey(one, user).pk).not.toBe(licenseKey(other, another).pk);
        expect(partitions.userCardsOfFolder(one, user)).not.toBe(partitions.userCardsOfFolder(other, another));
        expect(partitions.licensesOfTenant(one)).not.toBe(partitions.licensesOfTenant(other));
      }),
    );
  });

  it('are well-formed text, wherever a long id or a word of a name is cut', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 110, size: 'max' });
    fc.assert(
      fc.property(text, text, (user, name) => {
        expect(calendarFeedKey('acme', user).sk.isWellFormed()).toBe(true);
        for (const word of searchWords({ user, name })) {
          expect(searchKey('acme', word, user).sk.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('of vacancies are ordered by access, floating before dedicated, and then arbitrarily', () => {
    const of = (type: 'floating' | 'dedicated', serialNumber: string) =>
      vacancyKey({ tenant: 'acme', folderId: 'root', type, access: 'write', serialNumber }).sk;

    expect(vacancyPrefix('write', 'floating') < vacancyPrefix('write', 'dedicated')).toBe(true);
    expect(of('floating', 'A1') < of('dedicated', 'A1')).toBe(true);
    expect(of('floating', 'A1')).toMatch(/^w1#[0-9a-f]{8}#A1$/);
    expect(vacancyPrefix('read', 'floating')).toBe('r1#');
  });

  it('spread serial numbers that follow one another evenly', () => {
    const sixteenths = new Map<string, number>();
    for (let number = 0; number < 16_000; number += 1) {
      const first = hash8(`A${1_000_000 + number}`)[0]!;
      sixteenths.set(first, (sixteenths.get(first) ?? 0) + 1);
    }
    expect(sixteenths.size).toBe(16);
    for (const count of sixteenths.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('give every tenant one of the shards of idle deadlines, always the same', () => {
    fc.assert(
      fc.property(tenant, (one) => {
        expect(idleShard(one)).toBe(idleShard(one));
        expect(idleShard(one)).toBeGreaterThanOrEqual(0);
        expect(idleShard(one)).toBeLessThan(IDLE_SHARDS);
      }),
    );
  });
});
