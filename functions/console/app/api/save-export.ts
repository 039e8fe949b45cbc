import { fetchWithToken } from './client.ts';
import { Problem } from './problem.ts';

/** Follows the pages of an export and saves them as one file. `onPart` gets the number of pages that have come. */
export async function saveExport(path: string, name: string, onPart: (parts: number) => void = () => undefined) {
  const parts: Blob[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const answer: Response = await fetchWithToken(new Request(new URL(next, location.origin)));
    if (!answer.ok) throw Problem.of(answer.status, await answer.json().catch(() => undefined));
    parts.push(await answer.blob());
    onPart(parts.length);
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  saveFile(new Blob(parts, { type: 'text/csv' }), name);
}

function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
