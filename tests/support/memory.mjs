// What a process takes of memory, in MB.
import fs from 'node:fs';

const kilobytes = (pid, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

export const rssMb = (pid) => kilobytes(pid, 'VmRSS') / 1024;
export const peakMemoryMb = (pid) => kilobytes(pid, 'VmHWM') / 1024;
