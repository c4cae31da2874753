//! The end-to-end harness: everything around the worker, and nothing of the worker.
//!
//! - [`host`] runs the built worker in workerd, [`world`] puts it together with the stand-ins.
//! - [`twilio`] and [`openai`] are the providers, on loopback, with their failures on request.
//! - [`visitor`] is a person at the widget, [`sandbox`] their phone and mailbox, [`shop`] a customer's site.
//! - [`scenario`] plays `examples/scenarios` on all of this, and on [`native`]: the product in this very process.
//! - [`replay`] judges a contact's log again, for `cargo xtask replay`.
//! - [`clock`] is the only place that reads a clock; [`server`] and [`client`] are HTTP/1.1 over loopback.
//!
//! A helper fails its test by panicking with what it waited for and what it saw instead. Nothing here sleeps for a fixed
//! time, and no assertion is about wall-clock time except generous deadlines.

#![expect(clippy::missing_panics_doc, reason = "a harness fails its test by panicking")]

pub mod client;
pub mod clock;
pub mod host;
pub mod meta;
#[expect(clippy::unwrap_used, reason = "the native tests' world: a test that panics says where")]
#[path = "../../shared/tests/it/world.rs"]
pub mod native;
pub mod openai;
pub mod replay;
pub mod sandbox;
pub mod scenario;
pub mod server;
pub mod shop;
pub mod twilio;
pub mod visitor;
pub mod world;
