import { useState } from 'react';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea } from '../ui/text-area.tsx';

/** As many bytes as the API takes as a text. Longer ones are uploaded. */
const MOST_BYTES = 3 * 1024 * 1024;

type PasteDialogProps = { readonly onPaste: (xml: string) => void; readonly onClose: () => void };

export function PasteDialog({ onPaste, onClose }: PasteDialogProps) {
  const text = useText();
  const [xml, setXml] = useState('');
  const why = () => {
    if (xml.trim() === '') return text('imports.paste-empty');
    return new Blob([xml]).size > MOST_BYTES ? text('imports.paste-too-long') : undefined;
  };
  return (
    <Dialog
      title={<T id="imports.paste-title" />}
      size="wide"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>
            <T id="ui.cancel" />
          </Button>
          <Button variant="primary" why={why()} onPress={() => onPaste(xml)}>
            <T id="imports.preview" />
          </Button>
        </>
      }
    >
      <TextArea
        label={text('imports.paste-label')}
        hint={<T id="imports.paste-hint" />}
        value={xml}
        onChange={setXml}
        rows={14}
        autoFocus
      />
    </Dialog>
  );
}
