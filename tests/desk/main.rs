//! The use cases, through a real book.

mod bridge;
mod cases;
mod corrections;
mod overview;
