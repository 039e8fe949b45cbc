import { useSyncExternalStore } from 'react';
import { api, intent, newIntent, read } from '../api/client.ts';
import { fingerprintOf } from '../api/file-bytes.ts';
import { Problem } from '../api/problem.ts';
import type { ImportCounts } from '../api/types.ts';
import { uploadFile } from '../api/upload-file.ts';

/** What a person gave to be imported: a file, or a text that was pasted. */
export type Source =
  | { readonly kind: 'file'; readonly name: string; readonly file: File }
  | { readonly kind: 'text'; readonly name: string; readonly xml: string };

type Previewed = {
  readonly previewId: string;
  readonly status: 'accepted' | 'rejected';
  readonly counts: ImportCounts;
};

type Stage =
  | { readonly kind: 'hashing' }
  | { readonly kind: 'uploading'; readonly share: number }
  | { readonly kind: 'comparing' }
  | { readonly kind: 'previewed'; readonly preview: Previewed }
  | { readonly kind: 'sending'; readonly share: number }
  | { readonly kind: 'importing'; readonly counts?: ImportCounts; readonly licenses?: number | undefined }
  | {
      readonly kind: 'imported';
      readonly importId: string;
      readonly status: 'accepted' | 'rejected';
      readonly counts: ImportCounts;
    }
  /** It may be tried again, from the comparison or from the import on. */
  | { readonly kind: 'failed'; readonly problem: Problem; readonly at: 'preview' | 'import' };

type Attempt = { readonly key: string; readonly earlier: ReadonlySet<string> };

/** A file on its way, from the choice to the report. It lives as long as the console is open. */
export type ImportJob = {
  readonly id: string;
  readonly tenant: string;
  readonly source: Source;
  readonly folder: string;
  readonly fingerprint?: string;
  readonly previewId?: string;
  /** The attempt to import it whose outcome is open: its key, and the imports that there were before. */
  readonly attempt?: Attempt | undefined;
  readonly stage: Stage;
};

let jobs: readonly ImportJob[] = [];
const listeners = new Set<() => void>();

export function useImportJobs(tenant: string): readonly ImportJob[] {
  return useSyncExternalStore(subscribe, () => jobs).filter((job) => job.tenant === tenant);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: readonly ImportJob[]): void {
  jobs = next;
  for (const listener of listeners) listener();
}

function change(id: string, some: Partial<ImportJob>): void {
  set(jobs.map((job) => (job.id === id ? { ...job, ...some } : job)));
}

export function forgetJob(id: string): void {
  set(jobs.filter((job) => job.id !== id));
}

/** Compares a file with the present licenses, without importing it. Returns the preview, or nothing if it failed. */
export async function previewSource(tenant: string, source: Source, folder: string): Promise<string | undefined> {
  const job: ImportJob = { id: crypto.randomUUID(), tenant, source, folder, stage: { kind: 'hashing' } };
  set([job, ...jobs]);
  return previewJob(job);
}

async function previewJob({ id, tenant, source, folder }: ImportJob): Promise<string | undefined> {
  try {
    const preview = await compare(id, tenant, source, folder);
    change(id, { previewId: preview.previewId, stage: { kind: 'previewed', preview } });
    return preview.previewId;
  } catch (error) {
    change(id, { stage: { kind: 'failed', problem: Problem.from(error), at: 'preview' } });
    return undefined;
  }
}

/** Does again what failed. The browser still has the file. */
export async function retryJob(job: ImportJob): Promise<void> {
  if (job.stage.kind !== 'failed') return;
  await (job.stage.at === 'preview' ? previewJob(job) : importSource(job));
}

async function compare(id: string, tenant: string, source: Source, folder: string): Promise<Previewed> {
  const into = folder === '' ? {} : { folder };
  if (source.kind === 'text') {
    change(id, { stage: { kind: 'comparing' } });
    return requestPreview(tenant, { xml: source.xml, ...into });
  }
  const fingerprint = await fingerprintOf(source.file);
  change(id, { fingerprint });
  const onSent = (share: number) => change(id, { stage: { kind: 'uploading', share } });
  onSent(0);
  // Two files of one name are two previews.
  const name = `${fingerprint.slice(0, 12)}-${source.name}`.slice(-LONGEST_NAME);
  const upload = await uploadFile({ tenant, area: 'previews', name, folder }, source.file, onSent);
  change(id, { stage: { kind: 'comparing' } });
  return requestPreview(tenant, { upload });
}

const LONGEST_NAME = 200;
const PAUSE_MS = 1_000;
const pause = () => new Promise((resume) => setTimeout(resume, PAUSE_MS));

/** Asks for a preview. A file that takes longer than one answer may is asked for again with the same key. */
export async function requestPreview(
  tenant: string,
  body: { readonly xml?: string; readonly upload?: string; readonly folder?: string },
): Promise<Previewed> {
  const header = intent(newIntent());
  for (;;) {
    try {
      return await read(api.POST('/tenants/{tenant}/import-previews', { params: { path: { tenant }, header }, body }));
    } catch (error) {
      if (Problem.from(error).code !== 'in-progress') throw error;
      await pause();
    }
  }
}

/**
 * Imports what was previewed, and follows it until its report is there. Tried again while the outcome is open, it is the
 * same intent.
 */
export async function importSource(job: ImportJob): Promise<void> {
  const { id, tenant } = job;
  const onSent = (share: number) => change(id, { stage: { kind: 'sending', share } });
  let { attempt } = job;
  onSent(0);
  try {
    const latest = (await latestImports(tenant)).map(({ importId }) => importId);
    attempt ??= { key: newIntent(), earlier: new Set(latest) };
    change(id, { attempt });
    const key = await sendSource(job, attempt, onSent);
    change(id, { attempt: undefined, stage: { kind: 'importing' } });
    await follow(id, tenant, key, attempt.earlier);
  } catch (error) {
    const problem = attempt === undefined ? Problem.from(error) : Problem.ofChange(error);
    change(id, { stage: { kind: 'failed', problem, at: 'import' }, ...(!problem.isOpen && { attempt: undefined }) });
  }
}

type OnSent = (share: number) => void;

async function sendSource({ tenant, source, folder }: ImportJob, { key: intentKey }: Attempt, onSent: OnSent) {
  const header = intent(intentKey);
  if (source.kind === 'file') {
    return uploadFile({ tenant, area: 'uploads', name: source.name, folder }, source.file, onSent, header);
  }
  const { key } = await read(
    api.POST('/tenants/{tenant}/pasted-files', {
      params: { path: { tenant }, header },
      body: { xml: source.xml, ...(folder === '' ? {} : { folder }) },
    }),
  );
  return key;
}

/** Waits for a new import of a key, and shows its progress. The earlier imports of the key are ignored. */
async function follow(id: string, tenant: string, key: string, earlier: ReadonlySet<string>): Promise<void> {
  for (;;) {
    const imports = await latestImports(tenant).catch((error: unknown) => {
      // The import goes on, even if nobody can ask for it now.
      if (!Problem.from(error).isOpen) throw error;
      return [];
    });
    const found = imports.find((one) => one.key === key && !earlier.has(one.importId));
    if (found !== undefined && found.status !== 'running') {
      const { importId, status, counts } = found;
      return change(id, { stage: { kind: 'imported', importId, status, counts } });
    }
    if (found !== undefined) {
      const { counts, licenses } = found;
      change(id, { stage: { kind: 'importing', counts, licenses } });
    }
    if (jobs.every((job) => job.id !== id)) return;
    await pause();
  }
}

/** How many of the latest imports are looked at for the one that was just begun. */
const LATEST = 50;

async function latestImports(tenant: string) {
  const params = { path: { tenant }, query: { limit: LATEST } };
  return (await read(api.GET('/tenants/{tenant}/imports', { params }))).imports;
}
