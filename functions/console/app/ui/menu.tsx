import type { LucideIcon } from 'lucide-react';
import type { ReactElement, RefObject } from 'react';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Text } from 'react-aria-components/Text';

export type Action = {
  readonly id: string;
  readonly text: string;
  readonly icon?: LucideIcon;
  /** Why the action cannot be chosen now. */
  readonly why?: string | undefined;
  readonly isDanger?: boolean;
  readonly onAction: () => void;
};

type ActionMenuProps = {
  readonly label: string;
  readonly actions: readonly Action[];
  /** The button that opens the menu. */
  readonly children: ReactElement;
};

/** A button with a menu of actions. */
export function ActionMenu({ label, actions, children }: ActionMenuProps) {
  return (
    <MenuTrigger>
      {children}
      <Popover className="popover" placement="bottom end">
        <ActionList label={label} actions={actions} />
      </Popover>
    </MenuTrigger>
  );
}

type ActionMenuAtProps = Omit<ActionMenuProps, 'children'> & {
  /** The element that the menu opens at. */
  readonly anchor: RefObject<Element | null>;
  readonly onClose: () => void;
};

/** A menu that is open at an element. One of them serves all rows of a table. */
export function ActionMenuAt({ label, actions, anchor, onClose }: ActionMenuAtProps) {
  return (
    <Popover
      className="popover"
      placement="bottom end"
      triggerRef={anchor}
      isOpen
      onOpenChange={(isOpen) => isOpen || onClose()}
      aria-label={label}
    >
      <ActionList label={label} actions={actions} onDone={onClose} />
    </Popover>
  );
}

type ActionListProps = { readonly label: string; readonly actions: readonly Action[]; readonly onDone?: () => void };

/** An action that cannot be chosen shows its reason. */
function ActionList({ label, actions, onDone }: ActionListProps) {
  const off = actions.flatMap(({ id, why }) => (why === undefined ? [] : [id]));
  const run = (key: string | number) => {
    onDone?.();
    actions.find(({ id }) => id === key)?.onAction();
  };
  return (
    <Menu className="menu" aria-label={label} disabledKeys={off} onAction={run} autoFocus="first">
      {actions.map(({ id, text, icon: Icon, why, isDanger = false }) => (
        <MenuItem key={id} id={id} textValue={text} className="menu-item" {...(isDanger && { 'data-danger': true })}>
          {Icon !== undefined && <Icon size={15} aria-hidden />}
          <span className="menu-item-text">
            <Text slot="label">{text}</Text>
            {why !== undefined && (
              <Text slot="description" className="menu-item-why">
                {why}
              </Text>
            )}
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}
