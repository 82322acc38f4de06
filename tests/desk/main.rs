//! The use cases, through a real book.

mod cases;
mod corrections;
mod invoices;
mod letter;
mod overview;
mod terms;
