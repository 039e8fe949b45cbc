import type { Random } from './random.ts';

/** A file that someone or something has damaged: flipped bits, cuts, repeats, bytes of another file. */
export function mutate(bytes: Buffer, other: Buffer, random: Random): Buffer {
  let mutant: Buffer = Buffer.from(bytes);
  for (let change = random(3); change >= 0; change -= 1) mutant = mutateOnce(mutant, other, random);
  return mutant;
}

function mutateOnce(bytes: Buffer, other: Buffer, random: Random): Buffer {
  const at = random(bytes.length + 1);
  const length = random(Math.min(64, bytes.length + 1));
  const from = random(other.length + 1);
  switch (random(7)) {
    case 0:
      return changeByte(bytes, at, (byte) => byte ^ (1 << random(8)));
    case 1:
      return changeByte(bytes, at, () => random(256));
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)]);
    case 5:
      return Buffer.concat([
        bytes.subarray(0, at),
        other.subarray(from, from + length),
        bytes.subarray(at + random(length + 1)),
      ]);
    default:
      return Buffer.concat([bytes.subarray(0, at), other.subarray(from)]);
  }
}

function changeByte(bytes: Buffer, at: number, change: (byte: number) => number): Buffer {
  const changed = Buffer.from(bytes);
  if (at < changed.length) changed[at] = change(changed[at] ?? 0) & 0xff;
  return changed;
}
