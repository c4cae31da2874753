//! The shapes of the HTTP interface under `/api`: what the inbox and an owner's own programs read and write.
//!
//! Everything is JSON; times are milliseconds since 1970; everything said is text and nothing is HTML. Errors are
//! [`Failure`](crate::wire::Failure)s. Unknown keys are ignored on both sides, so that fields can be added. Which operations
//! there are, and what each asks of its caller, is one table: `routes`.

#[cfg(feature = "server")]
pub mod access;
pub mod alerts;
pub mod asked;
pub mod knowledge;
pub mod lines;
pub mod list;
pub mod live;
pub mod me;
#[cfg(feature = "schema")]
pub mod openapi;
pub mod people;
pub mod person;
pub mod policy;
pub mod report;
#[cfg(feature = "server")]
pub mod routes;
pub mod scope;
pub mod sequences;
pub mod settings;
pub mod teach;
pub mod team;
pub mod timeline;
pub mod webhooks;
pub mod work;
