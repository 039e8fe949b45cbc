import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { CheckBox } from '../ui/check-box.tsx';
import { Chip } from '../ui/chip.tsx';
import { Loading } from '../ui/loading.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { DEFAULTS } from './defaults.ts';
import { EDITED, OPERATORS, type SettingName, type Settings } from './setting-names.ts';
import { useSettingText } from './setting-text.ts';
import { type Patch, SettingsDialog } from './settings-dialog.tsx';
import { type Tenant, useSettingsReason, useTenant } from './tenant-settings.ts';
import { ThresholdsBlock } from './thresholds-block.tsx';

const SHOWN = [...EDITED, ...OPERATORS] as const;

/** All settings, and first those that differ from the default. */
export function GeneralSection() {
  const tenant = useTenant();
  const readOnly = useSettingsReason();
  const [edited, setEdited] = useState<Tenant>();
  if (tenant.isPending) return <Loading />;
  if (tenant.isError) return <PageFaultView error={tenant.error} onRetry={() => void tenant.refetch()} />;
  const { settings } = tenant.data;
  const different = SHOWN.filter((name) => differs(settings, name));
  return (
    <div className="blocks">
      <div className="section-head">
        <h2>
          <T id="settings.section-general" />
        </h2>
        <Button icon={Pencil} why={readOnly} onPress={() => setEdited(tenant.data)}>
          <T id="settings.edit" />
        </Button>
      </div>
      <SettingList settings={settings} names={different} />
      <details className="as-default">
        <summary>
          <T id="settings.as-default" values={{ count: SHOWN.length - different.length }} />
        </summary>
        <SettingList settings={settings} names={SHOWN.filter((name) => !different.includes(name))} />
      </details>
      <p className="muted">
        <T id="settings.operators-alone" />
      </p>
      <ThresholdsBlock tenant={tenant.data} />
      {edited !== undefined && <GeneralDialog base={edited} onClose={() => setEdited(undefined)} />}
    </div>
  );
}

function hasDefault(name: SettingName): name is keyof typeof DEFAULTS {
  return Object.hasOwn(DEFAULTS, name);
}

/** Whether a setting was set to something. The customers and the time zone have no default, so they always are. */
function differs(settings: Settings, name: SettingName): boolean {
  const standard = hasDefault(name) ? DEFAULTS[name] : [];
  return JSON.stringify(settings[name] ?? []) !== JSON.stringify(standard);
}

type SettingListProps = { readonly settings: Settings; readonly names: readonly (typeof SHOWN)[number][] };

function SettingList({ settings, names }: SettingListProps) {
  const settingText = useSettingText();
  return (
    <dl className="setting-list">
      {names.map((name) => (
        <div key={name} className="setting">
          <dt>
            <T id={`settings.name-${name}`} />
            <p className="muted">
              <T id={`settings.about-${name}`} />
            </p>
          </dt>
          <dd>
            <bdi translate="no">{settingText(settings, name)}</bdi>
            {hasDefault(name) && differs(settings, name) && (
              <Chip tone="busy" mark="half">
                <T id="settings.default-is" values={{ value: settingText(DEFAULTS, name) }} />
              </Chip>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function GeneralDialog({ base, onClose }: { readonly base: Tenant; readonly onClose: () => void }) {
  const text = useText();
  const [draft, setDraft] = useState(() => ({
    ...base.settings,
    cleanupHour: String(base.settings.cleanupHour),
    setAsideWarningDays: String(base.settings.setAsideWarningDays),
  }));
  const set = (some: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...some }));
  const wanted: Patch = {
    ...draft,
    cleanupHour: wholeNumber(draft.cleanupHour),
    setAsideWarningDays: wholeNumber(draft.setAsideWarningDays),
  };
  const changed = EDITED.filter((name) => JSON.stringify(wanted[name]) !== JSON.stringify(base.settings[name]));
  const patch: Patch = Object.fromEntries(changed.map((name) => [name, wanted[name]]));
  return (
    <SettingsDialog
      title={<T id="settings.section-general" />}
      base={base}
      patch={patch}
      names={EDITED}
      onClose={onClose}
    >
      <TextField
        label={text('settings.name-timeZone')}
        value={draft.timeZone}
        onChange={(timeZone) => set({ timeZone })}
        hint={<T id="settings.hint-timeZone" />}
      />
      <TextField
        label={text('settings.name-idleTimeout')}
        value={draft.idleTimeout}
        onChange={(idleTimeout) => set({ idleTimeout })}
        hint={<T id="settings.hint-idleTimeout" />}
      />
      <TextField
        label={text('settings.name-cleanupHour')}
        type="number"
        value={draft.cleanupHour}
        onChange={(cleanupHour) => set({ cleanupHour })}
        hint={<T id="settings.hint-cleanupHour" />}
      />
      <TextField
        label={text('settings.name-setAsideWarningDays')}
        type="number"
        value={draft.setAsideWarningDays}
        onChange={(setAsideWarningDays) => set({ setAsideWarningDays })}
        hint={<T id="settings.hint-setAsideWarningDays" />}
      />
      <Select
        label={text('settings.name-claims')}
        choices={CLAIMS.map((id) => ({ id, text: text(`settings.value-${id}`) }))}
        value={draft.claims}
        onChange={(claims) => set({ claims })}
      />
      <Select
        label={text('settings.name-onLeave')}
        choices={ON_LEAVE.map((id) => ({ id, text: text(`settings.value-${id}`) }))}
        value={draft.onLeave}
        onChange={(onLeave) => set({ onLeave })}
      />
      <CheckBox
        isSelected={draft.refuseWithoutLicense}
        onChange={(refuseWithoutLicense) => set({ refuseWithoutLicense })}
      >
        <T id="settings.name-refuseWithoutLicense" />
      </CheckBox>
    </SettingsDialog>
  );
}

const CLAIMS = ['at-creation', 'each-login'] as const;
const ON_LEAVE = ['keep', 'release'] as const;

/** What is no number goes to the service as it is not: it names the place of the fault. */
const wholeNumber = (text: string) => (text.trim() === '' ? -1 : Number(text));
