// The sample, which everybody sees first: screen by screen, and with the keyboard alone.
import { afterAll, beforeAll, expect } from "vitest";
import { startScreen, stopScreen } from "./app";
import { CONTROL, DOWN, ENTER, ESCAPE, LEFT, TAB, story } from "./story";

beforeAll(() => startScreen());
afterAll(stopScreen);

story("the sample is looked around in, screen by screen", async ({ window }) => {
  await window.lookAround();
  await window.see("Payout");
  await window.screen("overview");
  await window.click("Referrals");
  await window.see("Register a referral…");
  await window.screen("referrals");
  await window.click("Clients");
  await window.see("Acme Widgets Inc");
  await window.screen("clients");
  await window.click("Acme Widgets Inc");
  await window.see("Earned in all");
  await window.screen("client");
  await window.click("Invoices and payments");
  await window.see("Over 90 days");
  await window.screen("invoices");
  const number = await window.run<string>("return document.querySelector('tbody th button').innerText");
  await window.click(number);
  await window.see("Received");
  await window.screen("invoice");
  await window.click("Affiliates");
  await window.see("Meridian Tech Advisors");
  await window.screen("affiliates");
  await window.click("Meridian Tech Advisors");
  await window.see("Payout");
  await window.screen("affiliate");
  await window.click("Terms");
  await window.see("From the start");
  await window.screen("terms");
  await window.click("Import and export");
  await window.see("Verify the book");
  await window.screen("import-export");
  await window.size(640, 480);
  for (const page of ["Overview", "Clients", "Statements"]) {
    await window.click(page);
    await window.see(page === "Clients" ? "Acme Widgets Inc" : "December 2025");
    await window.screen(`small-${page.toLowerCase()}`);
    expect(await window.run<boolean>("return document.documentElement.scrollWidth <= window.innerWidth"), page).toBe(true);
  }
});

story("with the keyboard alone: to the sample, to a client, a referral registered, months, and out", async ({ window }) => {
  await window.see("Look around");
  await window.keys(TAB, TAB, TAB, ENTER);
  await window.see("December 2025", 90);
  await window.see("Payout");
  await window.chord(CONTROL, "k");
  await window.find("//dialog//input");
  await window.keys(..."cascade");
  await window.see("Cascade Outdoor Supply Co");
  await window.screen("palette");
  await window.keys(ENTER);
  await window.see("Earned in all");
  await window.chord(CONTROL, "k");
  await window.find("//dialog//input");
  await window.keys(..."register", ENTER);
  await window.see("Register it");
  // Domains, a day, and the affiliate.
  await window.keys(..."Quiet Waters Spa", TAB, TAB, TAB, ..."Dana");
  await window.see("Nothing speaks against it");
  await window.keys(TAB, TAB, ENTER);
  await window.see("is registered");
  await window.keys(ESCAPE);
  await window.chord(CONTROL, "z");
  await window.see("Undone:");
  await window.chord(CONTROL, "7");
  await window.see("Draft");
  await window.keys(LEFT);
  await window.see("November 2025");
  await window.see("Sealed");
  await window.keys("?");
  await window.see("Keyboard");
  await window.screen("help");
  await window.keys(ESCAPE);
  await window.chord(CONTROL, "k");
  await window.find("//dialog//input");
  await window.keys(..."leave", DOWN, ENTER);
  await window.see("Look around");
});
