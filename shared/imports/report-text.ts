import type { Counts, ImportReport, runningView } from './report.ts';

/** Returns a report as a text for people (R8). */
export function reportText(report: ImportReport): string {
  const {
    key,
    status,
    uploadedBy,
    issued,
    sameAs,
    receivedAt,
    finishedAt,
    importId,
    counts,
    licenses,
    ignored,
    faults,
  } = report;
  const lines = [
    `Import of ${key}: ${status}`,
    `  received ${receivedAt}, finished ${finishedAt}, import ${importId}`,
    ...(uploadedBy === undefined ? [] : [`  uploaded by ${uploadedBy}`]),
    ...(issued === undefined ? [] : [`  file issued ${issued}`]),
    ...(sameAs === undefined ? [] : [`  the same bytes as import ${sameAs}`]),
    ...(status === 'accepted' ? [`  licenses: ${countsText(counts)}`] : ['  nothing was imported']),
    ...faults.map(({ code, place, text }) => `  fault in ${place}: ${text} (${code})`),
    ...ignored.map((path) => `  ignored: ${path}`),
    ...licenses.map(({ serialNumber, outcome, detail }) => {
      const line = `  ${serialNumber}: ${outcome.replace('-', ' ')}`;
      return detail === undefined ? line : `${line} (${detail})`;
    }),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

/** Returns how far a running import has come, as a text for people. */
export function runningText({ key, receivedAt, importId, licenses, counts }: ReturnType<typeof runningView>): string {
  const total = licenses === undefined ? '' : ` of ${licenses}`;
  const lines = [
    `Import of ${key}: running`,
    `  received ${receivedAt}, import ${importId}`,
    `  licenses so far${total}: ${countsText(counts)}`,
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function countsText({ added, termChanged, unchanged, stale, conflict, deletedBefore }: Counts): string {
  return `${added} added, ${termChanged} term changed, ${unchanged} unchanged, ${stale} stale, ${conflict} conflict, ${deletedBefore} deleted before`;
}

/** Anybody chooses the names of uploads, and they may hold characters that move a terminal's cursor. */
function printable(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
}
