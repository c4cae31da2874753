//! The email channel: mail in, mail out, and what mail systems say about it.
//!
//! ```text
//!                 bounce ─▶ report                               Outgoing ─▶ render ─▶ raw mail
//!  raw mail ─▶ mime ─▶ parse ─▶ InboundMessage                                 ▲
//!                        ├ flowed, html, strip   what was written              └ reply_address
//!                        ├ reply_address         which conversation it answers
//!                        ├ auth_results          whether the author is who it says
//!                        └ loop_guard            whether a machine sent it            unsubscribe: how it is left
//! ```
//!
//! [`cloudflare`] and [`sandbox`] carry it; what they share stands in [`carrier`]. [`repeat`] tells a loop by what its mails
//! say. [`mailbox`] is the person's side. Everything here is pure and total: arbitrary bytes never panic, and cost what
//! their length costs. Nothing here decides whether a mail is answered, whom an address belongs to, or whether a reply
//! address suffices to speak in a conversation.
//!
//! Charsets: UTF-8, UTF-16 and the single-byte families. The east Asian multi-byte ones (`ISO-2022-JP`, `GB18030`) would
//! need tables of several hundred kilobytes and come out damaged.

pub mod auth_results;
pub mod bounce;
pub mod carrier;
pub mod cloudflare;
pub mod confirm;
mod flowed;
pub mod html;
pub mod loop_guard;
pub mod mailbox;
pub mod mime;
pub mod parse;
mod quote_words;
pub mod render;
pub mod repeat;
pub mod reply_address;
mod response;
pub mod sandbox;
pub mod strip;
pub mod unsubscribe;

pub use bounce::parse_bounce;
pub use cloudflare::CloudflareEmail;
pub use mailbox::{Written, read_mail, write_mail};
pub use render::message_id_of;
pub use reply_address::{parse_reply_address, render_reply_address, without_tag};
pub use sandbox::SandboxEmail;

#[cfg(test)]
mod tests;
