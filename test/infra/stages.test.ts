import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { FUNCTION_NAMES } from '../../functions/functions.ts';
import { stageConfig } from '../../infra/constructs/stage-config.ts';
import { SynthesizedStack } from './synthesized-stack.ts';

// Once for all tests: a synthesis with its checks takes seconds.
const production = new SynthesizedStack();
const trial = new SynthesizedStack({ stage: 'trial' });
afterAll(() => {
  for (const { outdir } of [production, trial]) rmSync(outdir, { recursive: true });
});

function reservedIn(stack: SynthesizedStack): Record<string, number> {
  const functions = stack.ofType('AWS::Lambda::Function').map(({ Properties }) => Properties);
  return Object.fromEntries(
    functions.flatMap(({ FunctionName: name, ReservedConcurrentExecutions: reserved }) =>
      reserved === undefined ? [] : [[name.replace(/^LicenseService-/, ''), reserved]],
    ),
  );
}

describe('concurrent executions', () => {
  test('production reserves them for the functions of logins, caps what administrators start, and no other', () => {
    expect(reservedIn(production)).toEqual({
      login: 120,
      'end-session': 60,
      'session-hooks': 120,
      'admin-api': 50,
      administer: 10,
      'calendar-feed': 10,
      'import-licenses': 20,
    });
    expect(production.ofType('AWS::Lambda::Function')).toHaveLength(FUNCTION_NAMES.length);
  });

  test('a trial stage reserves none', () => {
    expect(reservedIn(trial)).toEqual({});
  });

  test('the context changes the size of the functions that it names', () => {
    expect(stageConfig({ concurrency: 'login:150,session-hooks:90,admin-api:25' }).concurrency).toEqual({
      login: 150,
      'end-session': 60,
      'session-hooks': 90,
      'admin-api': 25,
      administer: 10,
      'calendar-feed': 10,
      'import-licenses': 20,
    });
    expect(stageConfig({ stage: 'trial', concurrency: 'login:5' }).concurrency).toEqual({ login: 5 });
  });

  test.each(['login', 'login:0', 'login:-1', 'login:1.5', 'logins:10', 'login:10,login:20', 'constructor:10', ''])(
    '%j is refused with an example',
    (concurrency) => {
      expect(() => stageConfig({ concurrency })).toThrow('is not a list such as login:150,session-hooks:100');
    },
  );

  test('more than 300 for the functions of logins are refused', () => {
    expect(() => stageConfig({ concurrency: 'login:121' })).toThrow('reserves 301 executions');
    expect(stageConfig({ concurrency: 'login:120' }).concurrency.login).toBe(120);
  });
});

describe('rates of the HTTP API', () => {
  const { RouteSettings, DefaultRouteSettings } = production.only('AWS::ApiGatewayV2::Stage').Properties;
  const routes = production.ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties);

  test('each route has its own', () => {
    expect(Object.keys(RouteSettings).toSorted()).toEqual(routes.map(({ RouteKey }) => RouteKey).toSorted());
    expect(RouteSettings).toMatchObject({
      'ANY /tenants/{tenant}': { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000 },
      'ANY /tenants/{tenant}/{rest+}': { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000 },
      'POST /hooks/{tenant}/{provider}': { ThrottlingRateLimit: 1_000, ThrottlingBurstLimit: 1_250 },
      'GET /openapi.json': { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    });
    expect(DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 });
  });

  test('no burst is above the limit of an account in a small region, where it would not count', () => {
    const bursts = Object.values<{ ThrottlingBurstLimit: number }>(RouteSettings).map(
      ({ ThrottlingBurstLimit }) => ThrottlingBurstLimit,
    );

    expect(Math.max(...bursts)).toBeLessThanOrEqual(1_250);
  });

  test('what needs no token and is no provider’s call gets the least', () => {
    const withoutToken = routes.filter(({ AuthorizationType }) => AuthorizationType === 'NONE');
    const rates = withoutToken
      .filter(({ RouteKey }) => !RouteKey.includes('/hooks/'))
      .map(({ RouteKey }) => RouteSettings[RouteKey].ThrottlingRateLimit);

    expect(Math.max(...rates)).toBeLessThanOrEqual(20);
  });

  test('the stage is made after its routes, for API Gateway refuses the rate of a route that is not there', () => {
    const { DependsOn = [] } = production.only('AWS::ApiGatewayV2::Stage');
    const made = production
      .ofType('AWS::ApiGatewayV2::Route')
      .map(({ Metadata }) => Metadata['aws:cdk:path'].replace('LicenseService/', '').replace('/Resource', ''));

    expect(DependsOn).toEqual(expect.arrayContaining(made));
  });
});
