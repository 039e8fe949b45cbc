import { FAULT_CODES } from '../../shared/license-file/faults.ts';
import { SENTENCES, type Subject } from '../../shared/licensing/sentences.ts';
import { PROBLEMS } from './problems.ts';

/** Where the codes of each subject stand in answers. */
const PLACES: Readonly<Record<Subject, string>> = {
  licenseInformation:
    'What `licenseInformation` of a user card says: `licenseInformationCode`, `licenseInformationMembers`',
  step: 'Why a step of a receipt granted nothing, in `why`: `whyCode`',
  denial: 'Why a login was denied, in `reasonText` of a receipt: `reason`',
  renewalRow: 'Why a row of a renewal was skipped, or what its undo left alone, in `why`: `whyCode`, `whyMembers`',
  layoutWarning: 'The warnings of the layout check, in `text`: `code` (the same as `warning`)',
  importDetail: 'What an import says of a license, in `detail`: `detailCode`, `detailMembers`',
  hookRefusal: 'Why a hook refused a call: `code` of its health',
  deliveryRefusal: 'Why a delivery was not accepted: `code` of the health of the webhook',
  explanation: 'What an explanation takes for granted: `code` of its assumptions',
  needs: 'What the needs take for granted: `code` of their assumptions',
};

/**
 * Returns the tables of all codes, as Markdown. They are made from the definitions that make the answers, so they
 * cannot be out of date.
 */
export function codeTables(): string {
  const sections = [
    ...entries(SENTENCES).map(([subject, sentences]) =>
      table(PLACES[subject], ['code', 'sentence'], entries(sentences)),
    ),
    table(
      'Problems: `code`',
      ['code', 'status', 'title'],
      entries(PROBLEMS).map(([code, { status, title }]) => [code, String(status), title]),
    ),
    `**Faults of license files: \`code\`**\n\n${FAULT_CODES.map((code) => `\`${code}\``).join(', ')}. The \`text\` of each fault says what to do, and its \`place\` where it is.`,
  ];
  return [
    '## Codes',
    'A name in braces is a member, and a part in brackets is there only when its member is.',
    ...sections,
  ].join('\n\n');
}

function table(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = rows.map(([code = '', ...others]) => row([`\`${code}\``, ...others]));
  return [`**${title}**`, '', row(heads), row(heads.map(() => '---')), ...lines].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function entries<Table extends object>(of: Table): readonly [keyof Table & string, Table[keyof Table]][] {
  const isKey = (name: string): name is keyof Table & string => Object.hasOwn(of, name);
  return Object.keys(of)
    .filter(isKey)
    .map((name) => [name, of[name]]);
}
