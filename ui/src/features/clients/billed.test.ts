import { expect, test } from "vitest";
import type { ContractCard } from "../../desk/types.gen";
import { billedByAffiliate } from "./billed";

const contract = (billed_by: "company" | "affiliate") => ({ billed_by, affiliate_name: "Hargrove & Lund" }) as ContractCard;

test("what an affiliate bills is open with the company, and not owed by the client", () => {
  expect(billedByAffiliate({ contracts: [] }, false)).toEqual({ all: false, words: "" });
  expect(billedByAffiliate({ contracts: [contract("company")] }, false)).toEqual({ all: false, words: "" });
  const all = billedByAffiliate({ contracts: [contract("affiliate"), contract("affiliate")] }, false);
  expect(all).toEqual({ all: true, words: "The client is billed by Hargrove & Lund: what is open is what Hargrove & Lund still owes the company." });
  const some = billedByAffiliate({ contracts: [contract("affiliate"), contract("company")] }, false);
  expect(some).toEqual({ all: false, words: "What is billed by Hargrove & Lund is open until it is remitted to the company." });
  expect(billedByAffiliate({ contracts: [contract("affiliate")] }, true).words).toContain("what you still owe the company");
});
