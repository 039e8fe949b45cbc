import type { ReactNode } from 'react';
import type { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import type { UserCard } from '../api/types.ts';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FolderName } from '../ui/names.tsx';
import { Notice } from '../ui/notice.tsx';
import { type CardFacts, FACT_NAMES } from './card-facts.ts';

type StaleCardProps = {
  /** What I had read. Absent when I meant to make a new card. */
  readonly before: UserCard | undefined;
  readonly theirs: UserCard;
  readonly mine: CardFacts;
  readonly isPending: boolean;
  readonly problem: Problem | undefined;
  readonly onTakeTheirs: () => void;
  readonly onDoMine: () => void;
};

/** Shows what I had read, what somebody else made of it, and what I want, beside each other. */
export function StaleCard({ before, theirs, mine, isPending, problem, onTakeTheirs, onDoMine }: StaleCardProps) {
  const columns = [before, theirs, mine];
  return (
    <Dialog
      size="wide"
      title={<T id="users.stale" values={{ user: theirs.name ?? theirs.user }} />}
      onClose={onTakeTheirs}
      actions={
        <>
          <Button onPress={onTakeTheirs}>
            <T id="users.take-theirs" />
          </Button>
          <Button variant="primary" onPress={onDoMine} isPending={isPending}>
            <T id="users.do-mine" />
          </Button>
        </>
      }
    >
      <p>
        <T id="users.stale-hint" />
      </p>
      <table className="versions">
        <thead>
          <tr>
            <td />
            <th scope="col">
              <T id="users.side-before" />
            </th>
            <th scope="col">
              <T id="users.side-theirs" />
            </th>
            <th scope="col">
              <T id="users.side-mine" />
            </th>
          </tr>
        </thead>
        <tbody>
          {FACT_NAMES.map((name) => (
            <tr key={name}>
              <th scope="row">
                <T id={`users.${name}`} />
              </th>
              {columns.map((side, place) => (
                <td
                  // biome-ignore lint/suspicious/noArrayIndexKey: the three columns keep their places
                  key={place}
                  data-differs={(before !== undefined && side?.[name] !== before[name]) || undefined}
                >
                  <FactText facts={side} name={name} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {problem !== undefined && (
        <Notice kind="danger">
          <ProblemText problem={problem} />
        </Notice>
      )}
    </Dialog>
  );
}

type FactTextProps = { readonly facts: CardFacts | undefined; readonly name: keyof CardFacts };

function FactText({ facts, name }: FactTextProps): ReactNode {
  if (facts === undefined) return '–';
  switch (name) {
    case 'name':
      return facts.name === undefined ? '–' : <bdi translate="no">{facts.name}</bdi>;
    case 'folder':
      return <FolderName path={facts.folder} />;
    case 'level':
      return <T id={`words.level-${facts.level}`} />;
    case 'access':
      return <T id={`words.access-${facts.access}`} />;
  }
}
