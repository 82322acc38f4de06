//! The use cases, through a real book.

mod cases;
mod clients;
mod corrections;
mod invoices;
mod referrals;
mod search;
