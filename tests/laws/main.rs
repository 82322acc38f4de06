//! What holds for any book, whatever happens in it.

mod book;
mod exchange;
mod forecast;
mod quotes;
mod rules;
