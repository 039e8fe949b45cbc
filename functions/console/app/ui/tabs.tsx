import type { ReactNode } from 'react';
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components/Tabs';

export type TabEntry<Id extends string> = { readonly id: Id; readonly text: string; readonly content: () => ReactNode };

export type TabsProps<Id extends string> = {
  readonly label: string;
  readonly tabs: readonly TabEntry<Id>[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
};

/** Tabs of which one shows its content. Which one it is stands in the address, so the page keeps it. */
export function Tabs<Id extends string>({ label, tabs, value, onChange }: TabsProps<Id>) {
  return (
    <AriaTabs
      className="tabs"
      selectedKey={value}
      onSelectionChange={(key) => {
        const next = tabs.find(({ id }) => id === key);
        if (next !== undefined) onChange(next.id);
      }}
    >
      <TabList className="tab-list" aria-label={label}>
        {tabs.map(({ id, text }) => (
          <Tab key={id} id={id} className="tab">
            {text}
          </Tab>
        ))}
      </TabList>
      {tabs.map(({ id, content }) => (
        <TabPanel key={id} id={id} className="tab-panel">
          {content()}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
