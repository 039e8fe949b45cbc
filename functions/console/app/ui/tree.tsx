import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Collection } from 'react-aria-components/Collection';
import { Tree as AriaTree, TreeItem, TreeItemContent } from 'react-aria-components/Tree';
import { useText } from '../texts/text.tsx';

export type Branch = {
  readonly id: string;
  readonly text: string;
  readonly mark?: ReactNode;
  readonly children: readonly Branch[];
};

export type TreeProps = {
  readonly label: string;
  readonly branches: readonly Branch[];
  readonly value: string;
  readonly onChange: (id: string) => void;
};

/** A tree of which one entry is chosen. All of it is open at first. */
export function Tree({ label, branches, value, onChange }: TreeProps) {
  return (
    <AriaTree
      className="tree"
      aria-label={label}
      items={branches}
      selectionMode="single"
      selectionBehavior="replace"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [key] = keys === 'all' ? [] : keys;
        if (key !== undefined) onChange(String(key));
      }}
      defaultExpandedKeys={idsIn(branches)}
    >
      {entry}
    </AriaTree>
  );
}

const idsIn = (branches: readonly Branch[]): string[] =>
  branches.flatMap(({ id, children }) => [id, ...idsIn(children)]);

function entry({ id, text, mark, children }: Branch): ReactNode {
  return (
    <TreeItem key={id} id={id} textValue={text} className="tree-item">
      <TreeItemContent>
        {({ hasChildItems }) => (
          <>
            {hasChildItems ? <Chevron text={text} /> : <span className="tree-chevron" />}
            <bdi className="tree-text">{text}</bdi>
            {mark !== undefined && <span className="tree-mark">{mark}</span>}
          </>
        )}
      </TreeItemContent>
      <Collection items={children}>{entry}</Collection>
    </TreeItem>
  );
}

function Chevron({ text: name }: { readonly text: string }) {
  const text = useText();
  return (
    <Button slot="chevron" className="tree-chevron" aria-label={text('ui.expand', { name })}>
      <ChevronRight size={14} aria-hidden />
    </Button>
  );
}
