import { vi } from "vitest";
import { fake } from "./src/desk/fake";

vi.mock("@tauri-apps/api/core", () => ({ invoke: fake.invoke, Channel: class { constructor(public onmessage: unknown) {} } }));
