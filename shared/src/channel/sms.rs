//! Text messages: the codecs of their providers, what a text costs in parts, and the words that steer a subscription.
//!
//! Each provider is one file that implements [`crate::channel::provider::Provider`]: [`twilio`], and the built-in
//! [`sandbox`]. [`keyword`] and [`segments`] know no provider.

pub mod keyword;
pub mod sandbox;
pub mod segments;
pub mod signature;
pub mod twilio;

#[cfg(test)]
mod testing;
