import { readFileSync } from 'node:fs';
import { asWritten } from '../../shared/license-file/format.ts';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';

/** Reads one file in this process and prints what that took, in milliseconds of processor time. */
const path = process.argv[2] ?? '';
const bytes = readFileSync(path);
const before = process.resourceUsage().maxRSS;
const started = process.cpuUsage();
const reading = await readLicenseFile(bytes, path);
const { user, system } = process.cpuUsage(started);
const ms = (user + system) / 1000;
const extraKb = process.resourceUsage().maxRSS - before;
const licenses =
  reading.verdict === 'accept' ? reading.licenses.map((license) => asWritten(license, reading.customer)) : [];
process.stdout.write(JSON.stringify({ verdict: reading.verdict, licenses, ms, extraKb }));
