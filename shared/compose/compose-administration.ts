import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { s3Download } from '../aws/s3-download.ts';
import { s3Objects } from '../aws/s3-objects.ts';
import { s3UploadForm } from '../aws/s3-upload-form.ts';
import { stageKey } from '../aws/stage-key.ts';
import { stateMachine } from '../aws/state-machine.ts';
import { keyedHash } from '../platform/keyed-hash.ts';
import { readTenant } from '../store/read-tenant.ts';
import { composeService } from './compose.ts';

export type AdministrationEnvironment = {
  readonly TABLE_NAME: string;
  readonly BUCKET_NAME: string;
  readonly STATE_MACHINE_ARN: string;
  readonly STAGE_KEY_ARN: string;
};

/**
 * Composes what the administrator's commands need, whether they are called directly or over HTTP. `longestCall` is the
 * function's timeout in milliseconds.
 */
export function composeAdministration(environment: AdministrationEnvironment, longestCall: number) {
  const service = composeService(environment);
  const s3 = new S3Client();
  // Only the local stack sets it, since receivers of events and identity providers are on the same machine there.
  const { LOCAL_SECRETS: local } = process.env;
  return {
    ...service,
    longestCall,
    mayBeLocal: local !== undefined,
    keyedHash: keyedHash(stageKey(environment.STAGE_KEY_ARN)),
    objects: s3Objects(s3, environment.BUCKET_NAME),
    signUploadForm: s3UploadForm(s3, environment.BUCKET_NAME),
    signDownload: s3Download(s3, environment.BUCKET_NAME),
    executions: stateMachine(new SFNClient(), environment.STATE_MACHINE_ARN),
    // Not cached, so that an administrator sees a change at once.
    readTenant: readTenant(service.table),
    cardHints: new Map(),
    vacancyHints: new Map(),
  };
}
