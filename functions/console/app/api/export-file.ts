import { saveFile } from '../ui/save-file.ts';
import { nextCursor } from './next-cursor.ts';

/** A page of an export: its text, and the answer whose `link` leads to the next page. */
type Page = { readonly data?: string | undefined; readonly response: Response; readonly error?: unknown };

/**
 * Reads an export page by page and saves it as one file. `ask` asks for the page of a cursor; the pages make up the file
 * when they are joined in order.
 */
export async function saveExport(
  name: string,
  ask: (cursor: string | undefined) => Promise<Page>,
  failed: (status: number, error: unknown) => Error,
): Promise<void> {
  const parts: string[] = [];
  let cursor: string | undefined;
  do {
    const { data, response, error } = await ask(cursor);
    if (data === undefined) throw failed(response.status, error);
    parts.push(data);
    cursor = nextCursor(response.headers.get('link'));
  } while (cursor !== undefined);
  saveFile(name, parts.join(''));
}
