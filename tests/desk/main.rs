//! The use cases, through a real book.

mod cases;
mod clients;
mod contracts;
mod corrections;
mod invoices;
mod referrals;
mod search;
