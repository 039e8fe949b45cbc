import { CodeText } from '../ui/code-text.tsx';

type DetailTextProps = {
  readonly of: {
    readonly detail?: string;
    readonly detailCode?: string | undefined;
    readonly detailMembers?: Readonly<Record<string, string>> | undefined;
  };
};

/** What the import says about a license. */
export function DetailText({ of: { detail, detailCode, detailMembers } }: DetailTextProps) {
  if (detail === undefined) return null;
  return <CodeText id={`imports.detail-${detailCode}`} members={detailMembers} sentence={detail} />;
}
