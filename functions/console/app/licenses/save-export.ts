import { api } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { saveFile } from '../ui/save-file.ts';

const ROWS_OF_A_PAGE = 1_000;

/** Saves all licenses as one file. The service sends it in pages, each with the address of the next. */
export async function saveExport(tenant: string, signal: AbortSignal, onPage: (rows: number) => void): Promise<void> {
  const parts: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: ROWS_OF_A_PAGE, cursor };
    const { data, error, response } = await api.GET('/tenants/{tenant}/exports/licenses', {
      params: { path: { tenant }, query },
      parseAs: 'text',
      signal,
    });
    if (signal.aborted) return;
    if (data === undefined) throw Problem.of(response.status, error);
    parts.push(data);
    onPage(parts.length * ROWS_OF_A_PAGE);
    const next = /<([^>]*)>; *rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    cursor = next === undefined ? undefined : (new URL(next, location.origin).searchParams.get('cursor') ?? undefined);
  } while (cursor !== undefined);
  saveFile(`licenses-${tenant}.csv`, parts.join(''));
}
