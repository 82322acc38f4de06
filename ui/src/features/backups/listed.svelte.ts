// The list of backups, as it was looked at last.
import { untrack } from "svelte";
import { app } from "../../app.svelte";
import { backups } from "../../desk/commands";
import type { BackupsView } from "../../desk/types.gen";

export class Listed {
  view = $state.raw<BackupsView | null>(null);

  constructor() {
    $effect(() => untrack(() => void (app.book?.sample || this.look())));
  }

  async look() {
    this.view = (await app.try(backups)) ?? this.view;
  }
}
