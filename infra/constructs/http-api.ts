import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
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
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

export type HttpApiRoutes = {
  readonly function: NodeFunction;
  /** `GET /path/{variable}`, `ANY /path/{rest+}`. */
  readonly routes: readonly { readonly method: keyof typeof HttpMethod; readonly path: string }[];
  /** The rate limit of each of these routes. Without it they share that of the stage. */
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number };
  /** The authorizer, or the reason why the route has none. */
  readonly authorization: { readonly authorizer: IHttpRouteAuthorizer } | { readonly none: string };
};

export type HttpApiProps = {
  readonly config: StageConfig;
  readonly routes: readonly HttpApiRoutes[];
};

/**
 * The rate limit of all routes together. It lets a login storm of one tenant pass, and stops a flood before it reaches
 * the account's own limit.
 */
const THROTTLE = { rateLimit: 2_000, burstLimit: 4_000 };

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

/** Gives a route a rate limit of its own. A stage can name only a route that exists, so the route is created first. */
function throttleRoute(
  stage: HttpStage,
  made: readonly HttpRoute[],
  key: string,
  { rateLimit, burstLimit }: NonNullable<HttpApiRoutes['throttle']>,
): void {
  const { defaultChild } = stage.node;
  if (!(defaultChild instanceof CfnStage)) throw new Error('the stage is not one of CloudFormation');
  const limits = { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit };
  defaultChild.addPropertyOverride('RouteSettings', { [key]: limits });
  stage.node.addDependency(...made);
}

/** The service's one HTTP API. Each route calls its function with payload 2.0. */
export class HttpApi extends Construct {
  readonly url: string;

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
    for (const {
      function: { node, lambda },
      routes: wanted,
      throttle,
      authorization,
    } of routes) {
      const integration = new HttpLambdaIntegration(node.id, lambda, {
        payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
        timeout: Duration.seconds(29),
      });
      const authorizer = 'authorizer' in authorization ? authorization.authorizer : new HttpNoneAuthorizer();
      for (const { method, path } of wanted) {
        const made = api.addRoutes({ path, methods: [HttpMethod[method]], integration, authorizer });
        if (throttle !== undefined) throttleRoute(stage, made, `${method} ${path}`, throttle);
        if (!('none' in authorization)) continue;
        for (const route of made) {
          Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: authorization.none });
        }
      }
    }
  }
}
