import { describe, expect, test } from 'vitest';
import { explain, unreachable } from './explain.ts';
import { bearerQuestion, type ExpectedEvent, fixture, questionOf, samples, settingsOf } from './samples.ts';

describe('each provider’s samples have the documented result', () => {
  test.each(samples.map((sample) => [sample.file, sample] as const))('%s', async (_, sample) => {
    const question = questionOf(sample);

    const answer = await explain(question);

    expect(answer.outcome).toBe(sample.expect.outcome);
    const tenants = (question.settings['tenants'] ?? []) as string[];
    expect(answer.events).toEqual((sample.expect.events ?? []).map((event) => filledIn(event, tenants, question.now)));
    expect('rejected' in answer ? answer.rejected : undefined).toBe(sample.expect.rejected);
  });

  test('all samples are present', () => {
    expect(samples).toHaveLength(60);
  });
});

function filledIn({ tenant, user, session, kind, at, id }: ExpectedEvent, tenants: readonly string[], now: string) {
  return {
    tenant: tenant ?? tenants[0],
    user,
    session,
    kind,
    at: at === null ? now : new Date(at).toISOString(),
    id: id ?? expect.stringMatching(/^\S{10,}$/),
  };
}

describe("Entra's bearer tokens", () => {
  test.each(['entra/bearer-v2.jwt', 'entra/bearer-v1.jwt'])('%s is accepted', async (file) => {
    expect((await explain(bearerQuestion(file))).outcome).toBe('events');
  });

  test('one for another application is not', async () => {
    expect((await explain(bearerQuestion('entra/bearer-v2-wrong-azp.jwt'))).outcome).toBe('unauthorized');
  });
});

describe('handshakes', () => {
  type Exchange = {
    request: { method: string; query?: Record<string, string>; headers: Record<string, string> };
    response: { status: number; headers: Record<string, string>; body: unknown };
  };

  test('Okta verifies the address once', async () => {
    const { request, response } = JSON.parse(fixture('okta/verification-challenge.json')) as Exchange;

    const answer = await explain({ ...http('okta'), method: request.method, headers: request.headers });

    expect(answer.outcome).toBe('protocol');
    expect({ ...answer.response, body: JSON.parse(answer.response.body) }).toEqual(response);
  });

  test('Okta’s verification must be authenticated too', async () => {
    const { request } = JSON.parse(fixture('okta/verification-challenge.json')) as Exchange;

    const answer = await explain({
      ...http('okta'),
      method: 'GET',
      headers: { ...request.headers, authorization: 'x' },
    });

    expect(answer.outcome).toBe('unauthorized');
  });

  test('Graph validates the address of a subscription', async () => {
    const { request, response } = JSON.parse(fixture('entra/graph-validation-request.json')) as Exchange;
    const path = `/hooks/acme/entra?${new URLSearchParams(request.query)}`;

    const answer = await explain({ ...http('entra'), path, headers: request.headers });

    expect(answer.outcome).toBe('protocol');
    expect(answer.response).toEqual(response);
  });
});

describe('vectors', () => {
  type Vector = {
    name: string;
    secret: string;
    now: number;
    headers: Record<string, string>;
    body: string;
    valid: boolean;
  };
  const vectors = JSON.parse(fixture('standard-webhooks/vectors.json')) as Vector[];

  test.each(vectors.map((vector) => [vector.name, vector] as const))('Standard Webhooks: %s', async (_, vector) => {
    const { secret, now, headers, body, valid } = vector;
    const settings = { tenants: ['standard-webhooks:acme'], secret };

    const answer = await explain({
      ...http('standard-webhooks'),
      now: new Date(now * 1_000).toISOString(),
      headers,
      body,
      settings,
    });

    expect(answer.outcome !== 'unauthorized').toBe(valid);
  });

  test("Keycloak's signature", async () => {
    const { body, headers, secret } = JSON.parse(fixture('keycloak/signature-vector.json')) as {
      body: string;
      headers: Record<string, string>;
      secret: string;
    };
    const question = { ...http('keycloak'), headers, body };

    expect((await explain({ ...question, settings: { ...question.settings, secret } })).outcome).toBe('events');
    expect((await explain({ ...question, settings: { ...question.settings, secret: 'other' } })).outcome).toBe(
      'unauthorized',
    );
  });
});

function http(provider: string) {
  return {
    provider,
    delivery: 'http',
    now: '2026-03-02T16:03:00.000Z',
    method: 'POST',
    path: `/hooks/acme/${provider}`,
    headers: {} as Record<string, string>,
    body: '',
    settings: settingsOf(provider),
  };
}

test('no answer repeats a secret, a token or a password', async () => {
  const questions = [
    ...samples.map(questionOf),
    ...samples.map(questionOf).map((question) => ({ ...question, now: '2027-01-01T00:00:00.000Z' })),
    ...samples
      .map(questionOf)
      .map((question) => ({ ...question, headers: { ...question.headers, authorization: 'a' } })),
    bearerQuestion('entra/bearer-v2-wrong-azp.jwt'),
  ];
  for (const question of questions) {
    const answer = await explain(question, unreachable);

    const told = question.delivery === 'lambda-invoke' ? answer.why : answer.why + JSON.stringify(answer.response);
    for (const secret of secretsOf(question)) expect(told).not.toContain(secret);
  }
});

function secretsOf({ settings, headers, body }: ReturnType<typeof questionOf>): readonly string[] {
  const given = ['authorization', 'secret', 'clientState'].map((name) => settings[name]);
  const sent = Object.entries(headers ?? {}).flatMap(([name, value]) => (/accept|content/.test(name) ? [] : [value]));
  const tokens = body.match(/ey[\w-]+\.[\w-]+\.[\w-]*/g) ?? [];
  return [...given, ...sent, ...tokens].filter((text) => typeof text === 'string' && text.length > 3) as string[];
}
