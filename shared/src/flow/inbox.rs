//! What the inbox reads that is no plain list: composed from what is stored, and written nowhere.

pub mod handoff;
