//! What comes from outside, made to do harm: mutants of everything that is read, bombs, and names.

mod bombs;
mod mutants;
mod names;
