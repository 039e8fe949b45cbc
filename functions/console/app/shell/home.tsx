import { Navigate } from 'react-router';
import { encodeSegment } from '../api/path-segment.ts';
import { Loading } from '../ui/loading.tsx';
import { useMe } from './me.ts';
import { PageFaultView } from './page-fault.tsx';

/** Leads to the first page: that of the caller's tenant, or the list of tenants for an operator. */
export function Home() {
  const me = useMe();
  if (me.isPending) return <Loading />;
  if (me.isError) return <PageFaultView error={me.error} onRetry={() => void me.refetch()} />;
  const { tenant } = me.data;
  return <Navigate replace to={tenant === undefined ? '/operate' : `/t/${encodeSegment(tenant)}/today`} />;
}
