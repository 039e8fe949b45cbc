import { useParams } from 'react-router';
import { decodeSegment } from '../api/path-segment.ts';
import { useAddressQuery, yes } from '../shell/address-query.ts';
import { PlanWizard } from './plan-wizard.tsx';
import { RenewalList } from './renewal-list.tsx';
import { RenewalPage } from './renewal-page.tsx';

const READINGS = { plan: yes };

/** The list of renewals, the making of a plan, or one renewal, as the address says. */
export function Component() {
  const { renewalId } = useParams();
  const [{ plan }] = useAddressQuery(READINGS);
  const name = renewalId === undefined ? undefined : decodeSegment(renewalId);
  if (plan === true) return <PlanWizard renewalId={name} />;
  return name === undefined ? <RenewalList /> : <RenewalPage renewalId={name} />;
}
