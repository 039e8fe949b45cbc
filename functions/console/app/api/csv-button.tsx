import { Download } from 'lucide-react';
import { useRef, useState } from 'react';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { saveFile } from '../ui/save-file.ts';
import { sayFailed } from '../ui/toast.tsx';
import { nextCursor } from './next-cursor.ts';
import { Problem } from './problem.ts';
import { ProblemText } from './problem-text.tsx';

/**
 * A page of an export: its bytes, and the answer whose `link` leads to the next page. A text would be without the byte
 * order mark. The last page may be empty, which is no data.
 */
type Page = { readonly data?: Blob | undefined; readonly response: Response; readonly error?: unknown };

type CsvButtonProps = {
  readonly name: string;
  /** Asks for the page of a cursor. The pages make up the file when they are joined in order. */
  readonly ask: (of: { readonly cursor: string | undefined; readonly signal: AbortSignal }) => Promise<Page>;
  readonly why?: string | undefined;
};

/** Saves an export as one file, however many pages the service sends. Until the last page has come, it can be stopped. */
export function CsvButton({ name, ask, why }: CsvButtonProps) {
  const [pages, setPages] = useState<number>();
  const stop = useRef<AbortController>(undefined);
  const save = async () => {
    const controller = new AbortController();
    stop.current = controller;
    const { signal } = controller;
    const parts: Blob[] = [];
    let cursor: string | undefined;
    try {
      do {
        setPages(parts.length);
        const { data, response, error } = await ask({ cursor, signal });
        if (!response.ok) throw Problem.of(response.status, error);
        if (data !== undefined) parts.push(data);
        cursor = nextCursor(response.headers.get('link'));
      } while (cursor !== undefined);
      saveFile(name, parts);
    } catch (error) {
      if (!signal.aborted) sayFailed(<ProblemText problem={Problem.from(error)} />);
    }
    setPages(undefined);
  };
  return pages === undefined ? (
    <Button icon={Download} why={why} onPress={() => void save()}>
      <T id="words.csv" />
    </Button>
  ) : (
    <Button onPress={() => stop.current?.abort()}>
      <T id="words.csv-stop" values={{ count: pages }} />
    </Button>
  );
}
