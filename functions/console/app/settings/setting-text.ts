import { useText } from '../texts/text.tsx';
import type { SettingName, Settings } from './setting-names.ts';

/** Returns a function that gives the value of a setting in words. */
export function useSettingText(): (settings: Partial<Settings>, name: SettingName) => string {
  const text = useText();
  const none = text('settings.none');
  const lines = (values: readonly string[]) => (values.length === 0 ? none : values.join(', '));
  return (settings, name) => {
    switch (name) {
      case 'customers':
      case 'providerScopes':
        return lines(settings[name] ?? []);
      case 'publicKeys':
        return lines(Object.keys(settings.publicKeys ?? {}));
      case 'environment':
      case 'claims':
      case 'onLeave': {
        const value = settings[name];
        return value === undefined ? none : text(`settings.value-${value}`);
      }
      case 'idleTimeout':
        return durationText(text, settings.idleTimeout ?? '');
      case 'cleanupHour':
        return `${String(settings.cleanupHour ?? 0).padStart(2, '0')}:00`;
      case 'setAsideWarningDays':
        return text('settings.value-days', { count: settings.setAsideWarningDays ?? 0 });
      case 'refuseWithoutLicense':
        return text(settings.refuseWithoutLicense === true ? 'settings.value-yes' : 'settings.value-no');
      case 'folderClaims':
        return lines(
          Object.entries(settings.folderClaims?.folders ?? {}).map(
            ([claim, folder]) => `${claim} → ${folder === '' ? text('settings.root') : folder}`,
          ),
        );
      case 'poolThresholds':
        return lines(
          (settings.poolThresholds ?? []).map(({ folder, type, access, free }) =>
            text(`settings.threshold-${type}-${access}`, {
              folder: folder === '' ? text('settings.root') : folder,
              free,
            }),
          ),
        );
      case 'timeZone':
        return settings.timeZone ?? none;
    }
  };
}

/** Days, hours and minutes are in words. Another duration stands as it is. */
function durationText(text: ReturnType<typeof useText>, duration: string): string {
  const [, hours, minutes] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(duration) ?? [];
  if (hours === undefined && minutes === undefined) return duration;
  return [
    ...(hours === undefined ? [] : [text('settings.value-hours', { count: Number(hours) })]),
    ...(minutes === undefined ? [] : [text('settings.value-minutes', { count: Number(minutes) })]),
  ].join(' ');
}
