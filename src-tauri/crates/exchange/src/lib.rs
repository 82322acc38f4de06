//! What comes in and goes out: the exchange format, statements as JSON and CSV, and sealed documents. Plain records on
//! one side, bytes on the other; no file is opened here.

pub mod bank;
pub mod book;
mod canonical;
pub mod company;
mod node;
pub mod receipt;
#[cfg(test)]
mod sample;
pub mod sealed;
pub mod statements;
