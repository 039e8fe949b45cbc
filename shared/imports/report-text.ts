import type { ImportReport } from './report.ts';

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
  const { added, termChanged, unchanged, stale, conflict, deletedBefore } = counts;
  const numbers = `${added} added, ${termChanged} term changed, ${unchanged} unchanged, ${stale} stale, ${conflict} conflict, ${deletedBefore} deleted before`;
  const lines = [
    `Import of ${key}: ${status}`,
    `  received ${receivedAt}, finished ${finishedAt}, import ${importId}`,
    ...(uploadedBy === undefined ? [] : [`  uploaded by ${uploadedBy}`]),
    ...(issued === undefined ? [] : [`  file issued ${issued}`]),
    ...(sameAs === undefined ? [] : [`  the same bytes as import ${sameAs}`]),
    ...(status === 'accepted' ? [`  licenses: ${numbers}`] : ['  nothing was imported']),
    ...faults.map(({ code, place, text }) => `  fault in ${place}: ${text} (${code})`),
    ...ignored.map((path) => `  ignored: ${path}`),
    ...licenses.map(({ serialNumber, outcome, detail }) => {
      const line = `  ${serialNumber}: ${outcome.replace('-', ' ')}`;
      return detail === undefined ? line : `${line} (${detail})`;
    }),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

/** Anybody chooses the names of uploads, and they may hold characters that move a terminal's cursor. */
function printable(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
}
