// The months, quarters and years that are likely to be billed, as Rust reads them.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** Around a day such as `2026-12-03`: its own month, the next two, and those of the year before it; then quarters and years alike. */
export function periods(day: string): { value: string; words: string }[] {
  const [year = 2000, month = 1] = day.split("-").map(Number);
  const months = [0, 1, 2, -1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12].map((by) => {
    const at = year * 12 + month - 1 + by;
    return { value: `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`, words: `${MONTHS[at % 12]} ${Math.floor(at / 12)}` };
  });
  const quarters = [0, 1, -1, -2, -3, -4].map((by) => {
    const at = year * 4 + Math.floor((month - 1) / 3) + by;
    return { value: `${Math.floor(at / 4)}-Q${(at % 4) + 1}`, words: `${MONTHS[(at % 4) * 3]} to ${MONTHS[(at % 4) * 3 + 2]} ${Math.floor(at / 4)}` };
  });
  const years = [year, year + 1, year - 1].map((one) => ({ value: String(one), words: `All of ${one}` }));
  return [...months, ...quarters, ...years];
}
