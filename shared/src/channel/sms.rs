//! Text messages: the codecs of their providers, and what a text costs in parts.
//!
//! Each provider is one file that implements [`crate::channel::provider::Provider`]: [`twilio`], and the built-in
//! [`sandbox`]. [`segments`] knows no provider, and browsers see it as well.

#[cfg(feature = "server")]
pub mod sandbox;
pub mod segments;
#[cfg(feature = "server")]
pub mod signature;
#[cfg(feature = "server")]
pub mod twilio;
