import { LogIn } from 'lucide-react';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { type SessionState, signIn, signInSettings } from './session.ts';

/** The page that everybody sees without a session. It says what is behind it before it sends anybody away. */
export function SignInPage({ state }: { readonly state: SessionState }) {
  const here = `${location.pathname}${location.search}`;
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <p className="sign-in-brand">
          <T id="shell.product" />
        </p>
        <h1>
          <T id="sign-in.title" />
        </h1>
        <p className="muted">
          <T id="sign-in.explanation" />
        </p>
        {state.kind === 'failed' && (
          <Notice kind="danger">
            <T
              id={`sign-in.${state.why}`}
              values={{ ...signInSettings(), code: state.code, origin: location.origin }}
            />
          </Notice>
        )}
        {state.kind === 'signed-out' && state.hasEnded && (
          <Notice kind="info">
            <T id="sign-in.ended" />
          </Notice>
        )}
        <Button variant="primary" size="large" icon={LogIn} onPress={() => void signIn(here)}>
          <T id="sign-in.button" />
        </Button>
      </div>
    </main>
  );
}
