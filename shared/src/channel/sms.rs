//! Text messages: the codecs of their providers, and what a text costs in parts.
//!
//! Each provider is one file that implements [`crate::channel::provider::Provider`]: [`twilio`], and the built-in
//! [`sandbox`]. [`segments`] knows no provider.

pub mod sandbox;
pub mod segments;
pub mod signature;
pub mod twilio;
