import { api, intent, newIntent, read } from '../api/client.ts';
import type { UserCardRow } from '../api/types.ts';
import type { paths } from '../described/api.ts';
import type { LedgerLine } from '../shell/activity.ts';

type Path = paths['/tenants/{tenant}/user-card-changes']['post'];
export type CardChange = NonNullable<Path['requestBody']>['content']['application/json']['change'];
export type CardResult = Path['responses'][200]['content']['application/json']['results'][number];
type Target = { readonly user: string; readonly expectedVersion: number };

const MOST_AT_ONCE = 1_000;

/** Makes the same change to some cards, each in the version that was seen. A preview changes nothing. */
export async function changeCards(
  tenant: string,
  { change, to, key, preview }: { change: CardChange; to: readonly Target[]; key: string; preview: boolean },
): Promise<readonly CardResult[]> {
  const results: CardResult[] = [];
  for (let start = 0; start < to.length; start += MOST_AT_ONCE) {
    const answer = await read(
      api.POST('/tenants/{tenant}/user-card-changes', {
        params: { path: { tenant }, header: intent(preview ? newIntent() : `${key}.${start}`) },
        body: { change, to: { users: to.slice(start, start + MOST_AT_ONCE) }, preview },
      }),
    );
    results.push(...answer.results);
  }
  return results;
}

/**
 * Gives each card what it had before, on the version that the change of a key left. Cards that had the same go in one
 * request. The keys follow from that of the change, so that it is undone once.
 */
export async function undoCardChange(
  tenant: string,
  change: CardChange,
  before: readonly UserCardRow[],
  results: readonly CardResult[],
  key: string,
): Promise<readonly LedgerLine[]> {
  const versions = new Map(results.flatMap((result) => (result.done ? [[result.user, result.version]] : [])));
  const groups = Map.groupBy(
    before.filter(({ user }) => versions.has(user)),
    (card) => JSON.stringify(formerFacts(change, card)),
  );
  const lines: LedgerLine[] = [];
  for (const [place, cards] of [...groups.values()].entries()) {
    const [first] = cards;
    if (first === undefined) continue;
    const to = cards.map(({ user }) => ({ user, expectedVersion: versions.get(user) ?? 0 }));
    const undone = await changeCards(tenant, {
      change: formerFacts(change, first),
      to,
      key: `${key}.undo.${place}`,
      preview: false,
    });
    lines.push(...undone.map(toLedgerLine));
  }
  return lines;
}

/** Returns the former values of the members that a change sets. */
function formerFacts(change: CardChange, { folder, access, level }: UserCardRow): CardChange {
  return {
    ...(change.folder !== undefined && { folder }),
    ...(change.access !== undefined && { access }),
    ...(change.level !== undefined && { level }),
  };
}

export function toLedgerLine(result: CardResult): LedgerLine {
  const { user: name } = result;
  return result.done ? { name } : { name, refusal: { code: result.error.code, members: result.error } };
}
