import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { eventBridge } from '../../shared/aws/event-bridge.ts';
import type { ServiceEvent } from '../../shared/platform/ports/service-event.ts';

const anEvent = (id: string, data: ServiceEvent['data'] = {}): ServiceEvent => ({
  id,
  type: 'pool.low',
  tenant: 'acme',
  at: '2026-03-02T08:00:00.000Z',
  data,
});

/** A bus that takes everything but events of these ids; how many each call had. */
function aBus(...refused: readonly string[]) {
  const calls: number[] = [];
  const client = mockClient(EventBridgeClient);
  client.on(PutEventsCommand).callsFake(({ Entries }: { Entries: { Detail: string }[] }) => {
    calls.push(Entries.length);
    return {
      Entries: Entries.map(({ Detail }) =>
        refused.includes(JSON.parse(Detail).id) ? { ErrorCode: 'X' } : { EventId: 'e' },
      ),
    };
  });
  return { bus: eventBridge(client as unknown as EventBridgeClient, 'LicenseService'), client, calls };
}

describe('the event bus', () => {
  it('gets type, time and detail of each event', async () => {
    const { bus, client } = aBus();

    await bus.publish([anEvent('evt_1', { free: 1 })]);

    expect(client.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries).toEqual([
      {
        EventBusName: 'LicenseService',
        Source: 'esm-license-service',
        DetailType: 'pool.low',
        Time: new Date('2026-03-02T08:00:00.000Z'),
        Detail: JSON.stringify({ id: 'evt_1', tenant: 'acme', at: '2026-03-02T08:00:00.000Z', data: { free: 1 } }),
      },
    ]);
  });

  it('accepts ten events at a time, fewer large ones, and reports which it refused', async () => {
    const { bus, calls } = aBus('evt_3', 'evt_12');
    const small = Array.from({ length: 12 }, (_, index) => anEvent(`evt_${index + 1}`));
    const large = ['one', 'two', 'three'].map((id) => anEvent(id, { serialNumbers: 'x'.repeat(90_000) }));

    expect(await bus.publish(small)).toEqual(new Set(['evt_3', 'evt_12']));
    expect(await bus.publish(large)).toEqual(new Set());
    expect(await bus.publish([])).toEqual(new Set());

    expect(calls).toEqual([10, 2, 2, 1]);
  });
});
