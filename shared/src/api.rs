//! The shapes of the HTTP interface under `/api`: what the inbox and an owner's own programs read and write.
//!
//! Everything is JSON; times are milliseconds since 1970; everything said is text and nothing is HTML. Errors are
//! [`Failure`](crate::wire::Failure)s. Unknown keys are ignored on both sides, so that fields can be added.

pub mod list;
pub mod live;
pub mod me;
pub mod person;
pub mod report;
pub mod timeline;
