import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { answerCalendar, keptCounts } from './answer-calendar.ts';
import { ENVIRONMENT } from './function.ts';

const service = composeService(readEnvironment(ENVIRONMENT));
const deps = { ...service, countLastDays: keptCounts(service) };

export const handler = (event: APIGatewayProxyEventV2) => answerCalendar(deps, event);
