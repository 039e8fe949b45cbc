import { useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, ArrowRight, CalendarSync } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import { api, read } from '../api/client.ts';
import { encodeSegment } from '../api/path-segment.ts';
import { Problem } from '../api/problem.ts';
import { tenantKey } from '../api/queries.ts';
import { nameInKey } from '../api/upload-file.ts';
import { useIntent } from '../api/use-intent.ts';
import { oneOf, someDay, someText, useAddressQuery } from '../shell/address-query.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { ChoiceCards } from '../ui/choice-cards.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useDayText } from '../ui/time.tsx';
import { ChooseEnds } from './choose-ends.tsx';
import { ChooseFile } from './choose-file.tsx';
import { PlanFault } from './plan-fault.tsx';

const STEPS = ['ends', 'file', 'mode'] as const;
type Step = (typeof STEPS)[number];
const MODES = ['assign', 'auto-allocate'] as const;
const READINGS = {
  step: oneOf(STEPS),
  day: someDay,
  serials: someText,
  file: someText,
  mode: oneOf(MODES),
};

/** What ends, which file brings the new licenses, and how users get them. A plan changes nothing. */
export function PlanWizard({ renewalId }: { readonly renewalId: string | undefined }) {
  const text = useText();
  const readOnly = useReadOnlyReason();
  const dayText = useDayText();
  const [{ step = 'ends', day, serials, file, mode = 'assign' }, change] = useAddressQuery(READINGS);
  const [name, setName] = useState('');
  const listed = serials?.split(/[\s,;]+/).filter((one) => one !== '') ?? [];
  const hasEnds = day !== undefined || listed.length > 0;
  const { plan, isPending, fault } = usePlanning({
    mode,
    ...(day === undefined ? { serialNumbers: listed } : { expiringOnOrBefore: day }),
    ...(file !== undefined && { upload: file }),
    ...((renewalId ?? name.trim()) && { renewalId: renewalId ?? name.trim() }),
  });
  const index = STEPS.indexOf(step);
  const next = STEPS[index + 1];
  const before = STEPS[index - 1];
  const why = hasEnds ? undefined : text('renewals.ends-first');
  return (
    <>
      <PageHead title={text(renewalId === undefined ? 'renewals.plan-title' : 'renewals.plan-again-title')} />
      <div className="page-part wizard">
        <Steps
          step={step}
          chosen={{
            ends: day !== undefined ? dayText(day) : hasEnds && text('renewals.listed', { count: listed.length }),
            file: file !== undefined ? nameInKey(file) : index > 0 && text('renewals.file-none'),
            mode: index > 1 && text(`renewals.mode-${mode}`),
          }}
        />
        <section className="wizard-body" aria-label={text(`renewals.step-${step}`)}>
          {step === 'ends' && (
            <ChooseEnds
              day={day}
              serials={serials}
              onDay={(some) => change({ day: some, serials: undefined }, { replace: true })}
              onSerials={(some) => change({ serials: some, day: undefined }, { replace: true })}
            />
          )}
          {step === 'file' && <ChooseFile file={file} onChange={(some) => change({ file: some }, { replace: true })} />}
          {step === 'mode' && (
            <ChoiceCards
              label={text('renewals.step-mode')}
              value={mode}
              onChange={(some) => change({ mode: some }, { replace: true })}
              cards={MODES.map((one) => ({
                id: one,
                title: <T id={`renewals.mode-${one}`} />,
                note: <T id={`renewals.mode-${one}-note`} />,
              }))}
            />
          )}
          {step === 'mode' && renewalId === undefined && (
            <TextField
              label={text('renewals.name')}
              hint={<T id="renewals.name-hint" />}
              value={name}
              onChange={setName}
            />
          )}
          {fault !== undefined && <PlanFault problem={fault} />}
          <div className="wizard-actions">
            {before !== undefined && (
              <Button icon={ArrowLeft} onPress={() => change({ step: before })}>
                <T id="renewals.back" />
              </Button>
            )}
            {next === undefined ? (
              <Button
                icon={CalendarSync}
                variant="primary"
                isPending={isPending}
                why={readOnly ?? why}
                onPress={() => void plan()}
              >
                <T id="renewals.make-plan" />
              </Button>
            ) : (
              <Button icon={ArrowRight} variant="primary" why={why} onPress={() => change({ step: next })}>
                <T id="renewals.next" />
              </Button>
            )}
          </div>
          <p className="muted">
            <T id="renewals.plan-changes-nothing" />
          </p>
        </section>
      </div>
    </>
  );
}

type StepsProps = { readonly step: Step; readonly chosen: Readonly<Record<Step, ReactNode>> };

function Steps({ step, chosen }: StepsProps) {
  return (
    <ol className="steps">
      {STEPS.map((one, place) => (
        <li key={one} className="step" aria-current={one === step ? 'step' : undefined}>
          <span className="step-number" aria-hidden>
            {place + 1}
          </span>
          <span className="step-text">
            <span className="step-name">
              <T id={`renewals.step-${one}`} />
            </span>
            <bdi className="muted">{chosen[one]}</bdi>
          </span>
        </li>
      ))}
    </ol>
  );
}

type PlanBody = {
  readonly mode: (typeof MODES)[number];
  readonly expiringOnOrBefore?: string;
  readonly serialNumbers?: string[];
  readonly upload?: string;
  readonly renewalId?: string;
};

/** Makes the plan and opens it. */
function usePlanning(body: PlanBody) {
  const { tenant } = usePlace();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const withIntent = useIntent();
  const [isPending, setIsPending] = useState(false);
  const [fault, setFault] = useState<Problem>();
  const plan = async () => {
    setIsPending(true);
    setFault(undefined);
    try {
      const { renewalId } = await withIntent(
        (header) => read(api.POST('/tenants/{tenant}/renewals', { params: { path: { tenant }, header }, body })),
        body,
      );
      await queries.invalidateQueries({ queryKey: tenantKey(tenant) });
      void navigate(`/t/${encodeSegment(tenant)}/renewals/${encodeSegment(renewalId)}`, { replace: true });
    } catch (error) {
      setFault(Problem.from(error));
      setIsPending(false);
    }
  };
  return { plan, isPending, fault };
}
