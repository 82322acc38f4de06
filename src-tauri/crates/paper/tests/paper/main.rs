//! What a printed statement must be, asked of the files themselves and of the tools that others will open them with.

mod breaks;
mod file;
mod made;
mod quotes;
mod reading;
mod recovery;
mod words;
