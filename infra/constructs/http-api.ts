import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi as Api,
  CfnStage,
  HttpMethod,
  HttpNoneAuthorizer,
  type HttpRoute,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { FilterPattern, LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { raiseAlarm } from './alarm.ts';
import type { NodeFunction } from './node-function.ts';
import type { RouteRate } from './route-rates.ts';
import type { StageConfig } from './stage-config.ts';

export type HttpApiRoutes = {
  readonly function: NodeFunction;
  /** `GET /path/{variable}`, `ANY /path/{rest+}`. */
  readonly routes: readonly { readonly method: keyof typeof HttpMethod; readonly path: string }[];
  /** How many requests a second each of these routes takes of all callers, and how many at once. */
  readonly throttle: RouteRate;
  /** The authorizer, or the reason why the route has none. */
  readonly authorization: { readonly authorizer: IHttpRouteAuthorizer } | { readonly none: string };
};

export type HttpApiProps = {
  readonly config: StageConfig;
  readonly routes: readonly HttpApiRoutes[];
};

/** The rate limit of a route without one of its own. There is no such route (tested). */
const THROTTLE = { rateLimit: 10, burstLimit: 20 };

/**
 * The access log has no IP addresses and no paths. An address may identify a person, and paths contain tenants' and
 * users' ids.
 */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  integration: '$context.integrationStatus',
  error: '$context.error.message',
};

/** In five minutes. A single failure of a function is in its own alarm. */
const MOST_FAILURES = 5;

/** In five minutes. Fewer come from a short burst, which callers ride out. */
const MOST_REFUSED = 100;

type ThrottledRoute = Pick<HttpApiRoutes, 'throttle'> & { readonly route: HttpRoute; readonly key: string };

/**
 * Gives each route a rate limit of its own. API Gateway refuses the limit of a route that does not exist, so the routes
 * are created first.
 */
function throttleRoutes(stage: HttpStage, made: readonly ThrottledRoute[]): void {
  const { defaultChild } = stage.node;
  if (!(defaultChild instanceof CfnStage)) throw new TypeError('A stage consists of an AWS::ApiGatewayV2::Stage');
  defaultChild.routeSettings = Object.fromEntries(
    made.map(({ key, throttle: { rateLimit, burstLimit } }) => [
      key,
      { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit },
    ]),
  );
  stage.node.addDependency(...made.map(({ route }) => route));
}

/** The service's one HTTP API. Each route calls its function with payload 2.0. */
export class HttpApi extends Construct {
  readonly url: string;
  /** The address without a path. */
  readonly origin: string;

  constructor(scope: Construct, id: string, { config, routes }: HttpApiProps) {
    super(scope, id);
    const log = new LogGroup(this, 'log', {
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const api = new Api(this, 'api', { createDefaultStage: false });
    const stage = new HttpStage(this, 'stage', {
      httpApi: api,
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    this.url = stage.url;
    this.origin = api.apiEndpoint;
    const throttled: ThrottledRoute[] = [];
    for (const {
      function: { node, called },
      routes: wanted,
      throttle,
      authorization,
    } of routes) {
      const integration = new HttpLambdaIntegration(node.id, called, {
        payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
        timeout: Duration.seconds(29),
      });
      const authorizer = 'authorizer' in authorization ? authorization.authorizer : new HttpNoneAuthorizer();
      for (const { method, path } of wanted) {
        const made = api.addRoutes({ path, methods: [HttpMethod[method]], integration, authorizer });
        for (const route of made) {
          throttled.push({ route, key: `${method} ${path}`, throttle });
          if (!('none' in authorization)) continue;
          Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: authorization.none });
        }
      }
    }
    throttleRoutes(stage, throttled);
    raiseAlarm(this, 'failures', config, {
      metric: stage.metricServerError({ period: Duration.minutes(5), statistic: 'sum' }),
      threshold: MOST_FAILURES,
      description: `The HTTP API answered ${MOST_FAILURES} calls or more in five minutes with a status of 500 or above. Callers try again, but they notice.`,
    });
    // A call that the gateway refuses does not reach its integration. A function refuses a caller with 429 as well.
    const refused = log.addMetricFilter('refused', {
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.status', '=', '429'),
        FilterPattern.stringValue('$.integration', '=', '-'),
      ),
      metricNamespace: Stack.of(this).stackName,
      metricName: 'RefusedApiCalls',
      metricValue: '1',
    });
    raiseAlarm(this, 'throttles', config, {
      metric: refused.metric({ period: Duration.minutes(5), statistic: 'sum' }),
      threshold: MOST_REFUSED,
      description: `The HTTP API refused ${MOST_REFUSED} calls or more in five minutes with 429, because all callers together exceeded the rate of a route.`,
    });
  }
}
