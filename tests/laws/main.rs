//! What holds for any book, whatever happens in it.

mod billing;
mod book;
mod everything;
mod exchange;
mod forecast;
mod quotes;
mod rules;
