//! Names and domains as the own-company rule compares them.
