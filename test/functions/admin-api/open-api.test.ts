import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { openApi } from '../../../functions/admin-api/open-api.ts';
import { ROUTES } from '../../../functions/admin-api/routes.ts';
import { administerRequest } from '../../../shared/administration/administer-request.ts';
import { aWorld } from '../../fakes/world.ts';
import { apiOn } from './api.ts';

describe('the description of the API', () => {
  it('is served without a token', async () => {
    const { call } = apiOn((await aWorld()).deps);

    const answer = await call({ method: 'GET', path: '/openapi.json' }, 'unauthorized');

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(JSON.parse(JSON.stringify(openApi(ROUTES))));
  });

  it('passes Redocly’s recommended rules for OpenAPI', async () => {
    const config = await createConfig({ extends: ['recommended'] });

    const problems = await lintFromString({ source: JSON.stringify(openApi(ROUTES)), config });

    // A path that is no route has no operation that could name its answers. The last two codes only stand in results.
    expect(problems.map(({ ruleId, location }) => [ruleId, location[0]?.pointer])).toEqual([
      ['no-unused-components', '#/components/schemas/not-found'],
      ['no-unused-components', '#/components/schemas/method-not-allowed'],
      ['no-unused-components', '#/components/schemas/has-license'],
      ['no-unused-components', '#/components/schemas/no-free-license'],
    ]);
  });

  it('names the schema of every request and every answer', () => {
    const { paths } = JSON.parse(JSON.stringify(openApi(ROUTES))) as { paths: object };
    const contents = Object.values(paths)
      .flatMap((methods: object) => Object.values(methods))
      .flatMap(({ requestBody, responses }) => [requestBody, ...Object.values(responses)])
      .flatMap((one) => one?.content?.['application/json']?.schema ?? []);

    expect(contents.length).toBeGreaterThan(100);
    expect(contents.filter(({ $ref }) => !/^#\/components\/schemas\/[A-Za-z-]+$/.test($ref))).toEqual([]);
  });

  it('has every command except the one that the bulk command replaces', () => {
    const commands = administerRequest.def.options.map(({ shape }) => shape.command.def.values[0]);
    const served = new Set(ROUTES.map(({ command }) => command));

    expect(commands.filter((command) => !served.has(command!))).toEqual(['move-licenses']);
  });
});
