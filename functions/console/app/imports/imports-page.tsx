import { useParams } from 'react-router';
import { decodeSegment } from '../api/path-segment.ts';
import { someText, useAddressQuery } from '../shell/address-query.ts';
import { ImportList } from './import-list.tsx';
import { ImportReport } from './import-report.tsx';
import { Preview } from './preview.tsx';

const READINGS = { preview: someText };

/** The list of imports, one report, or a preview, as the address says. */
export function Component() {
  const { importId } = useParams();
  const [{ preview }] = useAddressQuery(READINGS);
  if (importId !== undefined) return <ImportReport importId={decodeSegment(importId)} />;
  return preview === undefined ? <ImportList /> : <Preview previewId={preview} />;
}
