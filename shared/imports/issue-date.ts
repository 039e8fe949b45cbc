import type { FileFault } from '../license-file/faults.ts';
import { latestIssueDay } from '../licensing/license/import-plan.ts';
import type { Day, Instant } from '../licensing/time.ts';

/** Returns the fault of an issue date that lies in the future: every true file after it would be stale (R4). */
export function issueDateFault(issued: Day, now: Instant): FileFault | undefined {
  if (issued <= latestIssueDay(now)) return undefined;
  const text = `The file says that it was issued on ${issued}, which lies in the future. Get the file again from the vendor.`;
  return { code: 'issued-in-future', place: 'licenses, issued', text };
}
