import { FolderInput, RotateCcw, Trash2, Undo2, UserPlus } from 'lucide-react';
import type { License } from '../api/types.ts';
import { useReadOnlyReason } from '../shell/me.ts';
import { useText } from '../texts/text.tsx';
import type { Action } from '../ui/menu.tsx';
import type { Change } from './change.ts';

export type ActionName = Change['action'];

const ICONS = { assign: UserPlus, release: Undo2, move: FolderInput, delete: Trash2, restore: RotateCcw };

/**
 * Returns the actions of a license. An action that its state does not allow says why, as the service would. The service
 * decides all the same.
 */
export function useLicenseActions(onChoose: (action: ActionName, license: License) => void) {
  const text = useText();
  const readOnly = useReadOnlyReason();
  const whyNot = (action: ActionName, license: License): string | undefined => {
    if (readOnly !== undefined) return readOnly;
    const { state, type, assignedTo, currentUser } = license;
    if (state === 'deleted') return action === 'restore' ? undefined : text('licenses.why-deleted');
    switch (action) {
      case 'assign':
        if (type === 'floating') return text('licenses.why-floating');
        return ASSIGNABLE.includes(state) ? undefined : text(`licenses.why-state`);
      case 'release':
        return assignedTo === undefined && currentUser === undefined ? text('licenses.why-nobody') : undefined;
      case 'delete':
        if (currentUser !== undefined) return text('licenses.why-in-use');
        if (state === 'assigned') return text('licenses.why-assigned');
        return state === 'held-back' ? text('licenses.why-state') : undefined;
      case 'restore':
        return text('licenses.why-not-deleted');
      case 'move':
        return undefined;
    }
  };
  return (license: License): readonly Action[] =>
    ORDER.filter((action) => (license.state === 'deleted' ? action === 'restore' : action !== 'restore')).map(
      (action) => ({
        id: action,
        text: text(`licenses.do-${action}`),
        icon: ICONS[action],
        why: whyNot(action, license),
        isDanger: action === 'delete',
        onAction: () => onChoose(action, license),
      }),
    );
}

const ORDER = ['assign', 'release', 'move', 'delete', 'restore'] as const;
const ASSIGNABLE: readonly License['state'][] = ['free', 'assigned', 'not-yet-valid'];
