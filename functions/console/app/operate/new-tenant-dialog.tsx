import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { Faults } from '../settings/faults.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { sayDone } from '../ui/toast.tsx';

/** Asks for what a new tenant must have. Everything else begins with its default. */
export function NewTenantDialog({ onClose }: { readonly onClose: () => void }) {
  const text = useText();
  const queries = useQueryClient();
  const [tenant, setTenant] = useState('');
  const [customers, setCustomers] = useState('');
  const [timeZone, setTimeZone] = useState('Europe/Helsinki');
  const create = useMutation({
    mutationFn: () =>
      read(
        api.PUT('/tenants/{tenant}', {
          params: { path: { tenant: tenant.trim() } },
          body: {
            customers: customers
              .split(',')
              .map((one) => one.trim())
              .filter((one) => one !== ''),
            timeZone: timeZone.trim(),
          },
        }),
      ),
    onSuccess: async () => {
      sayDone(<T id="operate.created" values={{ tenant: tenant.trim() }} />);
      await queries.invalidateQueries({ queryKey: ['tenants'] });
      onClose();
    },
  });
  return (
    <Dialog
      title={<T id="operate.new" />}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>
            <T id="operate.cancel" />
          </Button>
          <Button
            variant="primary"
            why={tenant.trim() === '' ? text('operate.name-first') : undefined}
            isPending={create.isPending}
            onPress={() => create.mutate()}
          >
            <T id="operate.create" />
          </Button>
        </>
      }
    >
      <TextField
        label={text('operate.tenant')}
        value={tenant}
        onChange={setTenant}
        hint={<T id="operate.tenant-hint" />}
        autoFocus
      />
      <TextField
        label={text('operate.customers')}
        value={customers}
        onChange={setCustomers}
        hint={<T id="operate.customers-hint" />}
      />
      <TextField label={text('operate.time-zone')} value={timeZone} onChange={setTimeZone} />
      {create.isError && <Faults problem={Problem.ofChange(create.error)} />}
    </Dialog>
  );
}
