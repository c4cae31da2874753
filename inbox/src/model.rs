//! What the inbox holds, as plain values.

pub mod keys;
pub mod outgoing;
pub mod report;
pub mod timeline;
