//! The file: what it refuses, what it notices, what it never does.

mod backups;
mod damage;
mod history;
mod keys;
mod upgrades;
