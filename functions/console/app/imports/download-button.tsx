import { Download } from 'lucide-react';
import { useState } from 'react';
import { api, intent, newIntent, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { sayFailed } from '../ui/toast.tsx';

type DownloadButtonProps = { readonly of: { readonly importId: string } | { readonly key: string } };

/** Downloads a file as it was uploaded, from an address that the service signs for a few minutes. */
export function DownloadButton({ of }: DownloadButtonProps) {
  const { tenant } = usePlace();
  const why = useReadOnlyReason();
  const [isPending, setIsPending] = useState(false);
  const download = async () => {
    setIsPending(true);
    try {
      const params = { path: { tenant }, header: intent(newIntent()) };
      const { url } = await read(api.POST('/tenants/{tenant}/downloads', { params, body: of }));
      location.assign(url);
    } catch (error) {
      sayFailed(<ProblemText problem={Problem.from(error)} />);
    }
    setIsPending(false);
  };
  return (
    <Button icon={Download} why={why} isPending={isPending} onPress={() => void download()}>
      <T id="imports.download" />
    </Button>
  );
}
