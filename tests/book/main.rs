//! The file: what it refuses, what it notices, what it never does.

mod damage;
mod history;
mod keys;
