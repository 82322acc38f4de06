//! What cannot be recorded, and why.
