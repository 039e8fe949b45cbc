import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

/** Stands for the HTTP API's address, which is known only when the API listens. */
export const API_ORIGIN = 'https://api.of.the.local.stack';
export const REGION = 'eu-north-1';
export const ACCOUNT = '000000000000';
/** With it functions sign. */
export const SECRET_ACCESS_KEY = 'local';

const resourceProperties = z.record(z.string(), z.unknown());
const templateResource = z.object({
  Type: z.string(),
  Properties: z._default(resourceProperties, {}),
  Metadata: z._default(resourceProperties, {}),
});
type Resource = z.infer<typeof templateResource>;

const templateFile = z.object({ Resources: z.record(z.string(), templateResource) });
const manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({ type: z.string(), properties: z.optional(z.object({ templateFile: z.optional(z.string()) })) }),
  ),
});

/** A synthesized template whose intrinsic functions return values as if it had been deployed here. */
export type Template = {
  /** Returns all resources of a type by logical id, with resolved properties. */
  readonly ofType: (type: string) => [logicalId: string, resource: Resource][];
  readonly arn: (logicalId: string) => string;
  /** Returns the name of the deployed resource. */
  readonly physicalName: (logicalId: string) => string;
  /** Returns the id of the construct that creates the resource: `login` for `Stack/login/function/Resource`. */
  readonly constructName: (logicalId: string) => string;
};

/** Reads a template. `names` replaces names that are known only when the stack runs. */
export function readTemplate(assembly: string, names: Readonly<Record<string, string>> = {}): Template {
  const { artifacts } = manifest.parse(readJson(join(assembly, 'manifest.json')));
  const stacks = Object.entries(artifacts).filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack');
  const [stackName, stack] = stacks[0] ?? [];
  const file = stack?.properties?.templateFile;
  if (stackName === undefined || file === undefined || stacks.length > 1) {
    throw new Error(`The local stack runs exactly one stack; the app has ${stacks.length}`);
  }
  const text = Object.entries(names).reduce(
    (sofar, [name, value]) => sofar.replaceAll(name, value),
    readFileSync(join(assembly, file), 'utf8'),
  );
  return resolvable(templateFile.parse(JSON.parse(text)).Resources, stackName);
}

function resolvable(resources: Record<string, Resource>, stackName: string): Template {
  const pseudo: Record<string, string> = {
    'AWS::Region': REGION,
    'AWS::AccountId': ACCOUNT,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
  };
  const resource = (logicalId: string): Resource => {
    const found = resources[logicalId];
    if (found === undefined) throw new Error(`The template has no resource ${logicalId}`);
    return found;
  };
  const constructName = (logicalId: string) => {
    const path = z.string().safeParse(resource(logicalId).Metadata['aws:cdk:path']).data ?? logicalId;
    return path.split('/').findLast((part) => !PARTS_OF_A_CONSTRUCT.has(part)) ?? logicalId;
  };
  const physicalName = (logicalId: string) => {
    const { Type, Properties: properties } = resource(logicalId);
    const given = properties[NAME_PROPERTY[Type] ?? ''];
    const end = properties['FifoQueue'] === true ? '.fifo' : '';
    const name = given === undefined ? `${stackName}-${constructName(logicalId)}${end}` : String(resolve(given));
    return Type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
  };
  const arn = (logicalId: string) => {
    const { Type } = resource(logicalId);
    return arnOf(Type, physicalName(logicalId));
  };
  const ref = (name: string) => {
    const known = pseudo[name];
    if (known !== undefined || resources[name] === undefined) return known ?? name;
    const { Type } = resources[name];
    if (Type.startsWith('AWS::ApiGatewayV2::')) {
      // These resources have generated ids and no names.
      return name;
    }
    return NAMED_BY_ARN.has(Type) ? arn(name) : physicalName(name);
  };
  const attribute = (logicalId: string, name: string) => {
    if (name === 'ApiEndpoint') return API_ORIGIN;
    if (name === 'StreamArn') return `${arn(logicalId)}/stream/local`;
    return name.endsWith('Arn') ? arn(logicalId) : physicalName(logicalId);
  };

  /** Evaluates the intrinsic functions that CDK writes for this stack. Throws for any other. */
  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const [[key, argument] = ['', undefined], ...others] = Object.entries(value);
    if (others.length > 0 || (key !== 'Ref' && !key.startsWith('Fn::'))) {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner)]));
    }
    switch (key) {
      case 'Ref':
        return ref(z.string().parse(argument));
      case 'Fn::GetAtt': {
        const [logicalId, name] = z.tuple([z.string(), z.string()]).parse(argument);
        return attribute(logicalId, name);
      }
      case 'Fn::Join': {
        const [separator, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(argument);
        return parts.map((part) => String(resolve(part))).join(separator);
      }
      case 'Fn::Sub':
        return z
          .string()
          .parse(argument)
          .replaceAll(/\$\{([^.}]+)(?:\.([^}]+))?\}/g, (_, name: string, part?: string) =>
            part === undefined ? ref(name) : attribute(name, part),
          );
      default:
        throw new Error(`The local stack does not know the intrinsic function ${key}`);
    }
  }

  return {
    arn,
    physicalName,
    constructName,
    ofType: (type) =>
      Object.entries(resources)
        .filter(([, { Type }]) => Type === type)
        .map(([logicalId, found]) => [
          logicalId,
          { ...found, Properties: resourceProperties.parse(resolve(found.Properties)) },
        ]),
  };
}

/** Ids of parts that say nothing about what the construct is. */
const PARTS_OF_A_CONSTRUCT = new Set(['Resource', 'Default', 'function', 'state-machine', 'schedule']);

const NAME_PROPERTY: Record<string, string> = {
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Events::EventBus': 'Name',
};

/** The types whose `Ref` is their ARN. */
const NAMED_BY_ARN = new Set(['AWS::StepFunctions::StateMachine', 'AWS::SecretsManager::Secret']);

function arnOf(type: string, name: string): string {
  const place = `${REGION}:${ACCOUNT}`;
  switch (type) {
    case 'AWS::Lambda::Function':
      return `arn:aws:lambda:${place}:function:${name}`;
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable':
      return `arn:aws:dynamodb:${place}:table/${name}`;
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${name}`;
    case 'AWS::Events::EventBus':
      return `arn:aws:events:${place}:event-bus/${name}`;
    case 'AWS::StepFunctions::StateMachine':
      return `arn:aws:states:${place}:stateMachine:${name}`;
    case 'AWS::SecretsManager::Secret':
      return `arn:aws:secretsmanager:${place}:secret:${name}-AbCdEf`;
    default:
      return `arn:aws:${type.split('::')[1]?.toLowerCase() ?? 'local'}:${place}:${name}`;
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
