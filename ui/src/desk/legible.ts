/** What turns the text around it, hides, or drives what shows it; line breaks and tabs are people's. */
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

/** An answer as it is shown: names come from files, and what nobody would see in them is a mark, as on the terminal. */
export function legible<T>(answer: T): T {
  if (typeof answer === "string") return answer.replace(UNSEEN, "\ufffd") as T;
  if (typeof answer !== "object" || answer === null) return answer;
  const members = answer as Record<string, unknown>;
  for (const name of Object.keys(members)) members[name] = legible(members[name]);
  return answer;
}
