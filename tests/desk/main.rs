//! The use cases, through a real book.

mod affiliates;
mod bank;
mod billing;
mod bridge;
mod cases;
mod clients;
mod close;
mod contracts;
mod corrections;
mod doubts;
mod everything;
mod forecast;
mod invoices;
mod letter;
mod overview;
mod own;
mod quotes;
mod reconcile;
mod record;
mod referrals;
mod search;
mod terms;
mod undo;
mod void;
