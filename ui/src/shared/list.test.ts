import { afterEach, expect, test } from "vitest";
import { clients } from "../desk/commands";
import { fake } from "../desk/fake";
import { List } from "./list.svelte";

afterEach(() => fake.forget());

test("rows come from Rust, page by page", async () => {
  const list = new List(clients);
  await list.look();
  expect(list.view?.total).toBeGreaterThan(40);
  expect(list.view?.rows.length).toBe(Math.min(50, list.view?.total ?? 0));
});

test("other words begin at the first row", async () => {
  const list = new List(clients);
  list.query.from = 50;
  await list.ask({ text: "harbor" });
  expect(list.query.from).toBe(0);
  expect(list.view?.rows.every((row) => row.name.toLowerCase().includes("harbor"))).toBe(true);
});

test("an answer that a later question overtook is dropped", async () => {
  const answers: ((view: { total: number; rows: string[] }) => void)[] = [];
  const list = new List<{ total: number; rows: string[] }>(() => new Promise((resolve) => answers.push(resolve)));
  const first = list.ask({ text: "h" });
  const second = list.ask({ text: "ha" });
  answers[1]?.({ total: 1, rows: ["later"] });
  await second;
  answers[0]?.({ total: 2, rows: ["earlier"] });
  await first;
  expect(list.view?.rows).toEqual(["later"]);
});
