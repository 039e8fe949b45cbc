import { useEffect, useEffectEvent } from 'react';

export type TakeFiles = (files: readonly File[]) => void;

let taker: TakeFiles | undefined;
let waiting: readonly File[] = [];

/** Gives a page the files that are dropped anywhere on the window, also those that brought the person to it. */
export function useDroppedFiles(take: TakeFiles): void {
  const onFiles = useEffectEvent(take);
  useEffect(() => {
    const mine: TakeFiles = (files) => onFiles(files);
    taker = mine;
    const files = waiting;
    waiting = [];
    if (files.length > 0) mine(files);
    return () => {
      if (taker === mine) taker = undefined;
    };
  }, []);
}

/** Gives files to the page that is open. Returns false if it takes none: then they wait for a page that does. */
export function giveFiles(files: readonly File[]): boolean {
  if (taker === undefined) {
    waiting = files;
    return false;
  }
  taker(files);
  return true;
}
