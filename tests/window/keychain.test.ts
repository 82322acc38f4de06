// The system's keychain as a way in, with a real one: a keyring daemon of the session's own.
import { afterAll, beforeAll, expect } from "vitest";
import { scratch, startScreen, stopScreen } from "./app";
import { CONTROL, story } from "./story";

const HOME = scratch();

beforeAll(() => startScreen({ HOME, XDG_RUNTIME_DIR: HOME }, true));
afterAll(stopScreen);

story("the keychain opens the book by itself when one arrives, and never right after it was shut", async ({ window }) => {
  await window.start(scratch(), "I work for the programme and pay affiliates");
  await window.click("Keys");
  await window.click("Open without typing on this computer");
  await window.see("This computer’s keychain opens the book from now on", 60);
  await window.click("Open without typing on this computer");
  await window.see("is a way into the book already", 60);

  await window.chord(CONTROL, "l");
  await window.see("“mine” is locked");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await window.text()).toContain("“mine” is locked");
  await window.screen("locked-keychain");
  await window.click("Open with the keychain");
  await window.see("Ways in", 60);

  await window.reopen();
  await window.see("Welcome", 60);
  await window.click("Keys");
  await window.click("Remove keychain 2");
  await window.click("Remove it");
  await window.see("Keychain removed");
  await window.click("Close the book");
  await window.see("Open “mine”");
  expect(await window.text()).not.toContain("Open with the keychain");
});
