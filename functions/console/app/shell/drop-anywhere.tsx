import { FileInput } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { encodeSegment } from '../api/path-segment.ts';
import { T } from '../texts/text.tsx';
import { giveFiles } from './dropped-files.ts';
import { usePlace } from './me.ts';

const isBelowDialog = () => document.querySelector('.overlay') !== null;

/** Takes files that are dropped anywhere on the window, to the page of imports unless the open page takes them. */
export function DropAnywhere() {
  const { tenant } = usePlace();
  const navigate = useNavigate();
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      // What is typed in a dialog is not thrown away for a file.
      if (event.dataTransfer !== null && isBelowDialog()) event.dataTransfer.dropEffect = 'none';
      else setIsOver(true);
    };
    const onLeave = (event: DragEvent) => event.relatedTarget === null && setIsOver(false);
    const onDrop = (event: DragEvent) => {
      setIsOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (isBelowDialog()) return;
      const files = [...(event.dataTransfer?.files ?? [])];
      if (!giveFiles(files)) void navigate(`/t/${encodeSegment(tenant)}/imports`);
    };
    const events = new AbortController();
    addEventListener('dragover', onOver, events);
    addEventListener('dragleave', onLeave, events);
    addEventListener('drop', onDrop, events);
    return () => events.abort();
  }, [navigate, tenant]);
  if (!isOver) return null;
  return (
    <div className="drop-anywhere">
      <div className="drop-anywhere-text">
        <FileInput size={28} strokeWidth={1.5} aria-hidden />
        <T id="shell.drop" />
      </div>
    </div>
  );
}
