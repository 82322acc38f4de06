// Where the labels of a timeline stand, so that none lies on another.

/** Between two labels on one lane, in pixels. */
const GAP = 16;
/** A letter of a label, with some to spare; and a day's width. */
const LETTER = 7.2;
const DAY = 90;
/** A label breaks into two lines beyond this. */
const WIDEST = 255;
/** More lanes than this are no timeline any more, but a list. */
const LANES = 4;

/** From its event's place on to the right; or up to it, where there is no room on the right. */
export type Place = { left: number; right: number; upto: boolean; lane: number };

/** A place for each label; null where they don't fit. `at`: where its event stands, in thousandths; in their order. */
export function places(events: { at: number; words: string }[], width: number): Place[] | null {
  const ends: number[] = [];
  const placed: Place[] = [];
  for (const { at, words } of events) {
    const own = Math.min(Math.max(DAY, words.length * LETTER), WIDEST);
    const x = (at / 1000) * width;
    const upto = x + own > width && x >= own;
    const left = upto ? x - own : Math.max(0, Math.min(x, width - own));
    let lane = ends.findIndex((end) => end + GAP <= left);
    if (lane < 0) lane = ends.length;
    if (lane >= LANES) return null;
    ends[lane] = left + own;
    placed.push({ left, right: width - x, upto, lane });
  }
  return placed;
}
