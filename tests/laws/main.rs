//! What holds for any book, whatever happens in it.

mod book;
mod exchange;
mod quotes;
mod rules;
