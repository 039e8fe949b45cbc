import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { licenseServiceApp } from '../../infra/app.ts';

export type Resource = {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever its resources say; the assertions name the shape
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
  readonly Metadata: { 'aws:cdk:path': string; 'aws:asset:path'?: string };
};

/** Of an OpenID provider that somebody has deployed the service with. */
const TOKENS = { issuer: 'https://idp.example.com/realm', audience: 'urn:licenses' };

type Statement = {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Principal?: unknown;
};

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': '111122223333',
  'AWS::Region': 'eu-north-1',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** The stack as it is synthesized; `Ref` and `Fn::GetAtt` of a resource read as its path without the stack's name. */
export class SynthesizedStack {
  readonly outdir: string;
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, { Value: string }>>;
  readonly acknowledged: readonly (readonly [rule: string, reason: string])[];

  constructor(context: Record<string, unknown> = {}) {
    this.outdir = mkdtempSync(join(tmpdir(), 'license-service-'));
    const app = licenseServiceApp(this.outdir, { ...TOKENS, ...context });
    const stack = app.synth().stacks[0]!;
    this.acknowledged = app.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>));
    const template = stack.template as {
      Resources: Record<string, Resource>;
      Outputs: Record<string, { Value: string }>;
    };
    const name = (logicalId: string) =>
      PSEUDO[logicalId] ??
      template.Resources[logicalId]!.Metadata['aws:cdk:path'].split('/').slice(1).join('/').replace('/Resource', '');
    this.resources = Object.values(resolve(template.Resources, name) as typeof template.Resources);
    this.outputs = resolve(template.Outputs, name) as typeof template.Outputs;
  }

  ofType(type: string): readonly Resource[] {
    return this.resources.filter((resource) => resource.Type === type);
  }

  /** The one resource of its type. */
  only(type: string): Resource {
    const found = this.ofType(type);
    if (found.length !== 1) {
      throw new Error(`${found.length} of ${type}`);
    }
    return found[0]!;
  }

  at(path: string): Resource {
    return this.resources.find(({ Metadata }) => Metadata['aws:cdk:path'] === `LicenseService/${path}`)!;
  }

  statements(role: string): readonly Statement[] {
    return this.ofType('AWS::IAM::Policy')
      .filter(({ Properties }) => Properties.Roles.includes(role))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  }

  /** Returns whether a policy of the role allows the call and no policy denies it. `*` matches any text, as in IAM. */
  allows(role: string, action: string, resource: string): boolean {
    const fitting = this.statements(role).filter(
      (statement) =>
        [statement.Action].flat().some((pattern) => matches(pattern, action)) &&
        [statement.Resource].flat().some((pattern) => matches(pattern, resource)),
    );
    return fitting.length > 0 && fitting.every(({ Effect }) => Effect === 'Allow');
  }

  /** The file that is deployed for a function. */
  bundle(name: string): string {
    return join(this.outdir, this.at(`${name}/function/Resource`).Metadata['aws:asset:path']!, 'index.mjs');
  }
}

const matches = (pattern: string, text: string) =>
  new RegExp(`^${pattern.replaceAll(/[.?+^$()[\]{}|\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);

function resolve(value: unknown, name: (logicalId: string) => string): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => resolve(element, name));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
  } = value as { Ref?: string; 'Fn::GetAtt'?: [string]; 'Fn::Join'?: [string, unknown[]] };
  if (Ref !== undefined) {
    return name(Ref);
  }
  if (attribute !== undefined) {
    return name(attribute[0]);
  }
  if (join !== undefined) {
    return join[1].map((part) => resolve(part, name)).join(join[0]);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'DependsOn' ? [inner].flat().map(name) : resolve(inner, name),
    ]),
  );
}
