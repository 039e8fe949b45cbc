import { rmSync } from 'node:fs';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
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

describe('warm executions', () => {
  test('no function has any by default', () => {
    for (const stack of [production, trial]) {
      expect(stack.ofType('AWS::Lambda::Alias')).toEqual([]);
      expect(stack.ofType('AWS::Lambda::Version')).toEqual([]);
    }
  });

  test('the callers of a function with warm executions call its alias', () => {
    const warm = new SynthesizedStack({ warm: 'session-hooks:2,login:5' });
    onTestFinished(() => rmSync(warm.outdir, { recursive: true }));
    const alias = 'session-hooks/alias';
    const of = (type: string) => warm.ofType(type).map(({ Properties }) => Properties);

    expect(of('AWS::Lambda::Alias').map(({ Name, ProvisionedConcurrencyConfig: size }) => [Name, size])).toEqual(
      expect.arrayContaining([
        ['warm', { ProvisionedConcurrentExecutions: 2 }],
        ['warm', { ProvisionedConcurrentExecutions: 5 }],
      ]),
    );
    expect(of('AWS::ApiGatewayV2::Integration').map(({ IntegrationUri }) => IntegrationUri)).toEqual(
      expect.arrayContaining([alias, 'admin-api/function']),
    );
    const permissions = of('AWS::Lambda::Permission').filter(({ FunctionName }) => FunctionName === alias);
    expect(new Set(permissions.map(({ Principal }) => Principal))).toEqual(
      new Set(['apigateway.amazonaws.com', 'cognito-idp.amazonaws.com', 'events.amazonaws.com']),
    );
    expect(warm.at('hooks/cognito-sign-outs/Resource').Properties.Targets).toMatchObject([{ Arn: alias }]);
    const missed = of('AWS::Lambda::EventInvokeConfig').filter(
      ({ DestinationConfig }) => DestinationConfig.OnFailure.Destination === 'hooks/missed-events',
    );
    // The qualifier is cut out of the alias's ARN.
    expect(missed.map(({ Qualifier }) => JSON.stringify(Qualifier))).toEqual([expect.stringContaining(alias)]);
    expect(Object.values(warm.outputs).map(({ Value }) => JSON.stringify(Value))).toEqual(
      expect.arrayContaining([expect.stringContaining(':warm')]),
    );
  });

  test.each([
    ['administer:1', 'administer cannot be kept warm'],
    ['login:121', 'login has 120 executions, so 121 of them cannot be warm'],
    ['login', 'is not a list such as'],
  ])('%s is refused', (warm, message) => {
    expect(() => stageConfig({ warm })).toThrow(message);
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

  test('what needs no token gets the least, but for calls of providers and the files of a page', () => {
    const withoutToken = routes.filter(({ AuthorizationType }) => AuthorizationType === 'NONE');
    const rates = withoutToken
      .filter(({ RouteKey }) => !/ \/(hooks|console)\b/.test(RouteKey))
      .map(({ RouteKey }) => RouteSettings[RouteKey].ThrottlingRateLimit);

    expect(Math.max(...rates)).toBeLessThanOrEqual(20);
  });

  test('the stage is created after its routes, because API Gateway refuses the rate of a route that does not exist', () => {
    const { DependsOn = [] } = production.only('AWS::ApiGatewayV2::Stage');
    const made = production
      .ofType('AWS::ApiGatewayV2::Route')
      .map(({ Metadata }) => Metadata['aws:cdk:path'].replace('LicenseService/', '').replace('/Resource', ''));

    expect(DependsOn).toEqual(expect.arrayContaining(made));
  });
});

describe('what is left when the stack goes', () => {
  const kept = (stack: SynthesizedStack) =>
    stack.resources
      .filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete')
      .map(({ Type, DeletionPolicy, UpdateReplacePolicy }) => [Type, DeletionPolicy, UpdateReplacePolicy]);

  test('production keeps its data, and a failed first deployment nothing but an empty table', () => {
    expect(kept(production).toSorted()).toEqual([
      // The table has deletion protection, which a rollback cannot lift. Its name is generated, so the next deployment works.
      ['AWS::DynamoDB::GlobalTable', 'Retain', 'Retain'],
      ['AWS::S3::Bucket', 'RetainExceptOnCreate', 'Retain'],
      ['AWS::S3::Bucket', 'RetainExceptOnCreate', 'Retain'],
      ['AWS::SecretsManager::Secret', 'RetainExceptOnCreate', 'Retain'],
    ]);
    expect(production.only('AWS::DynamoDB::GlobalTable').Properties).not.toHaveProperty('TableName');
  });

  test('no resource with a name of its own is retained by a rollback of its creation', () => {
    const named = production.resources.filter(({ DeletionPolicy, Properties }) => {
      const hasName = Object.keys(Properties ?? {}).some((name) => /^(\w*Name|Name)$/.test(name));
      return DeletionPolicy === 'Retain' && hasName;
    });

    expect(named).toEqual([]);
  });

  test('nothing of a trial stage is kept or protected, and its buckets are emptied first', () => {
    const buckets = trial.ofType('AWS::S3::Bucket');
    const emptied = trial.ofType('Custom::S3AutoDeleteObjects').map(({ Properties }) => Properties.BucketName);

    expect(kept(trial)).toEqual([]);
    expect(trial.only('AWS::DynamoDB::GlobalTable').Properties.Replicas).toEqual([
      expect.objectContaining({ DeletionProtectionEnabled: false }),
    ]);
    expect(buckets).toHaveLength(2);
    expect(emptied.toSorted()).toEqual(['imports/access-logs', 'imports/bucket']);
    expect(production.ofType('Custom::S3AutoDeleteObjects')).toEqual([]);
  });
});

describe('stages and regions of one account', () => {
  /** The names that CloudFormation does not generate, with the region and the account left in. */
  const names = (stack: SynthesizedStack) =>
    stack.resources.flatMap(({ Type, Properties }) =>
      Object.entries(Properties ?? {}).flatMap(([property, name]) =>
        /^(Function|LogGroup|Bucket|Table|StateMachine|Queue|Dashboard|Alarm|Role|Policy)Name$|^Name$/.test(property) &&
        typeof name === 'string' &&
        /licenseservice/i.test(name)
          ? [`${Type} ${name}`]
          : [],
      ),
    );

  test('no name of one stage is a name of another', () => {
    const others = new Set(names(trial));

    expect(names(production).length).toBeGreaterThan(FUNCTION_NAMES.length);
    expect(names(production).filter((name) => others.has(name))).toEqual([]);
  });

  test('what is global in an account, or in the world, has the region in its name', () => {
    const global = names(production).filter((name) => /^AWS::(CloudWatch::Dashboard|S3::Bucket|IAM::\w+) /.test(name));

    expect(global).toEqual(expect.arrayContaining(['AWS::CloudWatch::Dashboard LicenseService-eu-north-1']));
    expect(global.filter((name) => !name.includes('eu-north-1'))).toEqual([]);
  });

  test('a stage reads its own secrets and not those of another', () => {
    const secret = (prefix: string) =>
      `arn:aws:secretsmanager:eu-north-1:111122223333:secret:${prefix}/acme/okta-AbCdEf`;
    const parameter = (prefix: string) => `arn:aws:ssm:eu-north-1:111122223333:parameter/${prefix}/acme/okta`;
    const readable = (stack: SynthesizedStack, prefix: string) =>
      ['session-hooks/role', 'deliver-webhook/role'].flatMap((role) => [
        stack.allows(role, 'secretsmanager:GetSecretValue', secret(prefix)),
        stack.allows(role, 'ssm:GetParameter', parameter(prefix)),
      ]);
    const [own, ofTrial] = ['esm-license-service', 'esm-license-service-trial'];

    expect(readable(production, own!)).toEqual([true, true, true, true]);
    expect(readable(trial, ofTrial!)).toEqual([true, true, true, true]);
    expect(readable(production, ofTrial!)).toEqual([false, false, false, false]);
    expect(readable(trial, own!)).toEqual([false, false, false, false]);
    const { SECRETS_PREFIX } = production.at('session-hooks/function/Resource').Properties.Environment.Variables;
    expect(SECRETS_PREFIX).toBe(own);
  });

  test('calls that are signed here go to the endpoints of the partition', () => {
    for (const name of ['login', 'end-session', 'session-hooks', 'import-licenses', 'deliver-webhook']) {
      const { Variables } = production.at(`${name}/function/Resource`).Properties.Environment;
      expect(Variables.URL_SUFFIX).toBe('amazonaws.com');
    }
  });
});
