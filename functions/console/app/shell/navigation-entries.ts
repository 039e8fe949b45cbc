import {
  CalendarClock,
  CircleHelp,
  FileInput,
  Gauge,
  History,
  type LucideIcon,
  RefreshCw,
  Settings,
  Sun,
  Ticket,
  Users,
} from 'lucide-react';

type Entry = { readonly page: string; readonly icon: LucideIcon };

/** The pages of a tenant in the order of the navigation, in groups. The text of a page is `shell.nav-{page}`. */
export const ENTRIES = [
  [{ page: 'today', icon: Sun }],
  [
    { page: 'licenses', icon: Ticket },
    { page: 'users', icon: Users },
    { page: 'imports', icon: FileInput },
    { page: 'renewals', icon: RefreshCw },
  ],
  [
    { page: 'why', icon: CircleHelp },
    { page: 'history', icon: History },
    { page: 'usage', icon: Gauge },
    { page: 'expiry', icon: CalendarClock },
  ],
  [{ page: 'settings', icon: Settings }],
] as const satisfies readonly (readonly Entry[])[];

export type PageName = (typeof ENTRIES)[number][number]['page'];
