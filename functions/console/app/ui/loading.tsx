import { T } from '../texts/text.tsx';

/** Stands where something is on its way. It shows only after a moment, so that a quick answer does not flicker. */
export function Loading() {
  return (
    <div className="loading" role="status">
      <span className="loading-mark" aria-hidden />
      <T id="ui.loading" />
    </div>
  );
}
