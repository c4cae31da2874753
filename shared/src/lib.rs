//! Throughline's pure core: what a conversation is, and what may happen to it.
//!
//! Without features this crate holds what browsers see: ids, channels, units, the [`wire`] frames and the shapes of the [`api`]. With `server` it
//! holds the rest, in two rings. Ring 0 is synchronous and pure: [`mod@decide`], the [`gate`]s, the [`channel`] and
//! [`assistant`] codecs, the [`store`]'s statements as data. Ring 1 is [`flow`]: async over the two ports
//! [`store::Db`] and [`http::Http`].
//!
//! Nothing here reads a clock, draws randomness, opens a socket or names a platform: time and entropy come in as
//! [`ctx::Ctx`].

pub mod api;
pub mod channel;
pub mod ctx;
pub mod id;
pub mod time;
pub mod wire;

#[cfg(feature = "server")]
pub mod alert;
#[cfg(feature = "server")]
pub mod appointment;
#[cfg(feature = "server")]
pub mod assistant;
#[cfg(feature = "server")]
pub mod audit;
#[cfg(feature = "server")]
pub mod calendar;
#[cfg(feature = "server")]
pub mod command;
#[cfg(feature = "server")]
pub mod consent;
#[cfg(feature = "server")]
pub mod contact;
#[cfg(feature = "server")]
pub mod conversation;
#[cfg(feature = "server")]
pub mod decide;
#[cfg(feature = "server")]
pub mod delivery;
#[cfg(feature = "server")]
pub mod effect;
#[cfg(feature = "server")]
pub mod error;
#[cfg(feature = "server")]
pub mod event;
#[cfg(feature = "server")]
pub mod fields;
#[cfg(feature = "server")]
pub mod file;
#[cfg(feature = "server")]
pub mod flow;
#[cfg(feature = "server")]
pub mod form;
#[cfg(feature = "server")]
pub mod gate;
#[cfg(feature = "server")]
pub mod handoff;
#[cfg(feature = "server")]
pub mod http;
#[cfg(feature = "server")]
pub mod identity;
#[cfg(feature = "server")]
pub mod knowledge;
#[cfg(feature = "server")]
pub mod merge;
#[cfg(feature = "server")]
pub mod message;
#[cfg(feature = "server")]
pub mod notice;
#[cfg(feature = "server")]
pub mod page;
#[cfg(feature = "server")]
pub mod phrases;
#[cfg(feature = "server")]
pub mod planned;
#[cfg(feature = "server")]
pub mod policy;
#[cfg(feature = "server")]
pub mod promise;
#[cfg(feature = "server")]
pub mod proof;
#[cfg(feature = "server")]
pub mod push;
#[cfg(feature = "server")]
pub mod replay;
#[cfg(feature = "server")]
pub mod retry;
#[cfg(feature = "server")]
pub mod sequence;
#[cfg(feature = "server")]
pub mod signature;
#[cfg(feature = "server")]
pub mod site;
#[cfg(feature = "server")]
pub mod store;
#[cfg(feature = "server")]
pub mod subscription;
#[cfg(feature = "server")]
pub mod team;
#[cfg(feature = "server")]
pub mod text;
#[cfg(feature = "server")]
mod told;
#[cfg(feature = "server")]
pub mod verdict;
#[cfg(feature = "server")]
pub mod web;
#[cfg(feature = "server")]
pub mod webhook;
#[cfg(feature = "server")]
pub mod work;
