// What each code means for the window. Total: a new code fails the type check until it stands here.
import type { Code } from "./types.gen";

/** The way on that is offered, beside what the message says. */
export type Way = "none" | "type_again" | "wait" | "try_again" | "accept_older" | "backups";

export const WAY: Record<Code, Way> = {
  not_a_book: "none", no_book: "none", exists: "none", wrong_passphrase: "type_again",
  wrong_recovery_code: "type_again", mistyped_recovery_code: "type_again", no_such_way: "none", last_way: "none", too_soon: "wait",
  keychain_missing: "none", keychain_locked: "none", keychain_denied: "none", keychain_silent: "none",
  keychain_empty: "none", keychain_wrong_key: "none", keychain_failed: "none", reopen: "none", in_use: "try_again", newer: "none",
  older_copy: "accept_older", unproven: "accept_older", damaged: "backups", disk_full: "try_again", read_only: "none", backup_failed: "none", empty_book: "none", refused: "none",
  unknown_record: "none", needed: "none", month_closed: "none", month_open: "none", month_not_over: "none",
  not_the_newest: "none", reason_missing: "none", cancelled: "none", failed: "try_again",
};
