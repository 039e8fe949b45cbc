import { ClipboardPaste, FileInput, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { useFolders } from '../api/queries.ts';
import { useDroppedFiles } from '../shell/dropped-files.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { useFolderText } from '../ui/names.tsx';
import { Select } from '../ui/select.tsx';
import { previewSource } from './import-jobs.ts';
import { PasteDialog } from './paste-dialog.tsx';

/** The folder that licenses may never be imported to. */
const Z_OLD = 'zOld';

/** The place where files are dropped, chosen or pasted. Each is compared first, and nothing is imported yet. */
export function StartImport({ isProminent }: { readonly isProminent: boolean }) {
  const { tenant } = usePlace();
  const text = useText();
  const why = useReadOnlyReason();
  const [folder, setFolder] = useState('');
  const [isPasting, setIsPasting] = useState(false);
  const take = (files: readonly File[]) => {
    for (const file of files) void previewSource(tenant, { kind: 'file', name: file.name, file }, folder);
  };
  useDroppedFiles(take);
  return (
    <section className="drop-here" data-prominent={isProminent || undefined}>
      <FileInput size={isProminent ? 28 : 20} strokeWidth={1.5} aria-hidden className="drop-here-icon" />
      <p className="drop-here-text">
        <strong>
          <T id="imports.drop-here" />
        </strong>
        <span className="muted">
          <T id="imports.drop-explanation" />
        </span>
      </p>
      <div className="drop-here-actions">
        <FolderSelect value={folder} onChange={setFolder} />
        <Button icon={ClipboardPaste} why={why} onPress={() => setIsPasting(true)}>
          <T id="imports.paste" />
        </Button>
        {why === undefined ? (
          <FileTrigger
            acceptedFileTypes={['.zip', '.xml']}
            allowsMultiple
            onSelect={(files) => take([...(files ?? [])])}
          >
            <Button icon={FolderOpen} variant="primary">
              <T id="imports.choose" />
            </Button>
          </FileTrigger>
        ) : (
          <Button icon={FolderOpen} variant="primary" why={why}>
            <T id="imports.choose" />
          </Button>
        )}
      </div>
      {isPasting && (
        <PasteDialog
          onClose={() => setIsPasting(false)}
          onPaste={(xml) => {
            setIsPasting(false);
            void previewSource(tenant, { kind: 'text', name: text('imports.pasted-text'), xml }, folder);
          }}
        />
      )}
    </section>
  );
}

type FolderSelectProps = { readonly value: string; readonly onChange: (folder: string) => void };

/** Where new licenses go. Known ones stay where they are. */
function FolderSelect({ value, onChange }: FolderSelectProps) {
  const { tenant } = usePlace();
  const text = useText();
  const folderText = useFolderText();
  const folders = useFolders(tenant);
  const paths = folders.data?.folders.map(({ folder }) => folder).filter((path) => path !== Z_OLD && path !== '') ?? [];
  if (paths.length === 0) return null;
  return (
    <Select
      isFilter
      label={text('imports.into')}
      choices={['', ...paths].map((path) => ({ id: path, text: folderText(path), isName: path !== '' }))}
      value={value}
      onChange={onChange}
    />
  );
}
