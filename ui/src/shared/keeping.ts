// What was typed and rests before it is kept: all of it at once, when the book is locked.

type Keep = () => Promise<void>;

const resting = new Set<Keep>();

/** Something was typed; `keep` is called if the book is locked before its time. */
export const rests = (keep: Keep) => void resting.add(keep);

/** It is kept, or thrown away. */
export const rested = (keep: Keep) => void resting.delete(keep);

export const keepAll = async () => void (await Promise.all([...resting].map((keep) => keep())));
