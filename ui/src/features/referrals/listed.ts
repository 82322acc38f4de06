/** What stands between commas, semicolons and ends of lines. */
export const listed = (typed: string): string[] => typed.split(/[,;\n]/).map((one) => one.trim()).filter((one) => one !== "");
