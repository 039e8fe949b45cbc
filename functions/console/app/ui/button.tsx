import type { LucideIcon } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { Tip } from './tip.tsx';

export type ButtonProps = Pick<AriaButtonProps, 'onPress' | 'type' | 'autoFocus' | 'slot'> & {
  readonly variant?: 'primary' | 'plain' | 'quiet' | 'danger' | undefined;
  readonly size?: 'large' | undefined;
  readonly icon?: LucideIcon | undefined;
  /** Why the button cannot be used now. It stays reachable, so that everybody can read the reason. */
  readonly why?: string | undefined;
  /** Whether what the button began is still under way. It keeps the focus, and does nothing. */
  readonly isPending?: boolean | undefined;
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
};

export function Button(props: ButtonProps) {
  const { variant = 'plain', size, icon: Icon, why, isPending = false, onPress, children, ...rest } = props;
  const button = (
    <AriaButton
      {...rest}
      className="button"
      data-variant={variant}
      data-size={size}
      {...(why === undefined && !isPending
        ? onPress === undefined
          ? {}
          : { onPress }
        : { 'aria-disabled': true, 'data-off': true })}
    >
      {isPending ? <span className="loading-mark" aria-hidden /> : Icon !== undefined && <Icon size={15} aria-hidden />}
      <span className="button-text">{children}</span>
    </AriaButton>
  );
  return why === undefined ? button : <Tip text={why}>{button}</Tip>;
}

export type IconButtonProps = Omit<ButtonProps, 'children' | 'icon' | 'size'> & {
  readonly icon: LucideIcon;
  /** The accessible name, which also shows as a tip. */
  readonly label: string;
};

/** A button with a picture alone. */
export function IconButton(props: IconButtonProps) {
  const { icon: Icon, label, why, variant = 'quiet', isPending = false, onPress, ...rest } = props;
  return (
    <Tip text={why ?? label}>
      <AriaButton
        {...rest}
        className="button icon-button"
        data-variant={variant}
        aria-label={label}
        {...(why === undefined && !isPending
          ? onPress === undefined
            ? {}
            : { onPress }
          : { 'aria-disabled': true, 'data-off': true })}
      >
        {isPending ? <span className="loading-mark" aria-hidden /> : <Icon size={16} aria-hidden />}
      </AriaButton>
    </Tip>
  );
}
