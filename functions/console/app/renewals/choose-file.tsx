import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { useWaitingUploads } from '../api/queries.ts';
import { nameInKey, uploadFile } from '../api/upload-file.ts';
import { useDroppedFiles } from '../shell/dropped-files.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { ChoiceCards } from '../ui/choice-cards.tsx';
import { Notice } from '../ui/notice.tsx';
import { Progress } from '../ui/progress.tsx';

type ChooseFileProps = { readonly file: string | undefined; readonly onChange: (key: string | undefined) => void };

const NO_FILE = 'none';

/** Which file brings the new licenses. It waits, and is imported when the renewal starts. */
export function ChooseFile({ file, onChange }: ChooseFileProps) {
  const { tenant } = usePlace();
  const text = useText();
  const why = useReadOnlyReason();
  const [sent, setSent] = useState<{ readonly name: string; readonly share: number }>();
  const [fault, setFault] = useState<Problem>();
  const keys = useWaitingKeys(tenant, file);
  const take = async ([first]: readonly File[]) => {
    if (first === undefined || why !== undefined) return;
    const { name } = first;
    setFault(undefined);
    setSent({ name, share: 0 });
    try {
      onChange(await uploadFile({ tenant, area: 'renewals', name }, first, (share) => setSent({ name, share })));
    } catch (error) {
      setFault(Problem.from(error));
    }
    setSent(undefined);
  };
  useDroppedFiles((files) => void take(files));
  return (
    <>
      <ChoiceCards
        label={text('renewals.step-file')}
        value={file ?? NO_FILE}
        onChange={(id) => onChange(id === NO_FILE ? undefined : id)}
        cards={[
          ...keys.map((key) => ({
            id: key,
            title: <bdi translate="no">{nameInKey(key)}</bdi>,
            note: <T id="renewals.file-waits" />,
          })),
          { id: NO_FILE, title: <T id="renewals.file-none" />, note: <T id="renewals.file-none-note" /> },
        ]}
      />
      <div className="drop-here">
        <p className="drop-here-text">
          <strong>
            <T id="renewals.drop-file" />
          </strong>
          <span className="muted">
            <T id="renewals.drop-file-note" />
          </span>
        </p>
        {why === undefined ? (
          <FileTrigger acceptedFileTypes={['.zip', '.xml']} onSelect={(files) => void take([...(files ?? [])])}>
            <Button icon={FolderOpen}>
              <T id="imports.choose" />
            </Button>
          </FileTrigger>
        ) : (
          <Button icon={FolderOpen} why={why}>
            <T id="imports.choose" />
          </Button>
        )}
      </div>
      {sent !== undefined && <Progress label={text('imports.stage-uploading')} value={sent.share} note={sent.name} />}
      {fault !== undefined && (
        <Notice kind="danger">
          <ProblemText problem={fault} />
        </Notice>
      )}
    </>
  );
}

/** The files that can be planned with: those that wait, and the one that was just sent. */
function useWaitingKeys(tenant: string, file: string | undefined): readonly string[] {
  const uploads = useWaitingUploads(tenant);
  const waiting = uploads.data?.filter(({ importId }) => importId === undefined).map(({ key }) => key) ?? [];
  return [...new Set(file === undefined ? waiting : [file, ...waiting])];
}
