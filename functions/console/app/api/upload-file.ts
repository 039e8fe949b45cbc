import { api, intent, newIntent, read } from './client.ts';
import { bytesOf } from './file-bytes.ts';
import { Problem } from './problem.ts';

export type UploadTo = {
  readonly tenant: string;
  readonly area: 'uploads' | 'renewals' | 'previews';
  readonly name: string;
  /** The folder of new licenses. The root if it is empty. */
  readonly folder?: string;
};

/**
 * Sends a file to the bucket by a form that the service signed, and returns its key. `onSent` gets the share from 0 to 1.
 * Sent again with the same header, the file has the same key.
 */
export async function uploadFile(
  to: UploadTo,
  file: Blob,
  onSent: (share: number) => void,
  header = intent(newIntent()),
): Promise<string> {
  const { tenant, area, name, folder = '' } = to;
  await bytesOf(file.slice(0, 1));
  const form = await read(
    api.POST('/tenants/{tenant}/uploads', {
      params: { path: { tenant }, header },
      body: { name, area, ...(folder === '' ? {} : { folder }) },
    }),
  );
  if (file.size > form.mostBytes) throw new Problem('too-large', 413);
  const data = new FormData();
  for (const [field, value] of Object.entries(form.fields)) data.append(field, value);
  data.append('file', file, name);
  await send(form.url, data, onSent);
  return form.key;
}

/** Sends a form. Only this old interface says how much has been sent. */
function send(url: string, data: FormData, onSent: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener('progress', ({ loaded, total }) => onSent(total === 0 ? 1 : loaded / total));
    request.addEventListener('load', () =>
      request.status < 300 ? resolve() : reject(new Problem('upload-refused', request.status)),
    );
    request.addEventListener('error', () => reject(new Problem('no-answer', 0)));
    request.open('POST', url);
    request.send(data);
  });
}

/** Returns the name of the file under a key, which is its last part. */
export const nameInKey = (key: string) => key.slice(key.lastIndexOf('/') + 1);
