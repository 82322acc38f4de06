//! The use cases, through a real book.

mod affiliates;
mod bridge;
mod cases;
mod corrections;
mod overview;
mod terms;
mod undo;
