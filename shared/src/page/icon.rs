//! The icons, drawn in the colour of their text. Each is hidden from screen readers: words stand beside it.

use super::{html::Html, words};
use crate::channel::Channel;

/// Opens every drawing.
macro_rules! svg {
    ($paths:literal) => {
        concat!(
            "<svg class=\"icon\" viewBox=\"0 0 24 24\" width=\"24\" height=\"24\" fill=\"none\" stroke=\"currentColor\" \
             stroke-width=\"1.9\" stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\">",
            $paths,
            "</svg>"
        )
    };
}

/// Throughline's mark: three knots on one thread.
pub(super) const MARK: &str = concat!(
    "<svg class=\"mark\" viewBox=\"0 0 32 32\" width=\"32\" height=\"32\" fill=\"none\" aria-hidden=\"true\">",
    "<path d=\"M3 22C8 6 13 6 16 16s8 10 13-6\" stroke=\"currentColor\" stroke-width=\"3\" stroke-linecap=\"round\"/>",
    "<g class=\"knots\"><circle cx=\"6.5\" cy=\"13\" r=\"3.4\"/><circle cx=\"16\" cy=\"16\" r=\"3.4\"/>",
    "<circle cx=\"25.8\" cy=\"18\" r=\"3.4\"/></g></svg>"
);
/// [`MARK`] for the browser's tab.
pub(super) const FAVICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%231f1d1a'/%3E%3Cpath d='M4 21C9 7 13 7 16 16s7 9 12-5' fill='none' stroke='%23ff7a5c' stroke-width='4' stroke-linecap='round'/%3E%3C/svg%3E";

/// An arrow: send.
pub(super) const SEND: &str = svg!("<path d=\"M12 20V5M5.5 11 12 4.5 18.5 11\"/>");
/// A pencil: write.
pub(super) const WRITE: &str =
    svg!("<path d=\"M4 20l1-4.5L16.5 4a2 2 0 0 1 2.9 0l.6.6a2 2 0 0 1 0 2.9L8.500 19z\"/>");
/// A clock.
pub(super) const CLOCK: &str =
    svg!("<circle cx=\"12\" cy=\"12\" r=\"8.500\"/><path d=\"M12 7v5.300l3.400 2\"/>");
/// A ticked sheet: consent.
pub(super) const CONSENT: &str =
    svg!("<path d=\"M6 3.500h9l4 4V20.500H6z\"/><path d=\"M9 13.500l2.300 2.300L15.500 11\"/>");
/// A waving person: handed over.
pub(super) const PERSON: &str = svg!(
    "<circle cx=\"12\" cy=\"8\" r=\"4\"/><path d=\"M4.500 20.500c1-4.500 4-6 7.500-6s6.500 1.500 7.500 6\"/>"
);
/// A key: proven.
pub(super) const KEY: &str =
    svg!("<circle cx=\"8\" cy=\"15.500\" r=\"4\"/><path d=\"M11 12.500 19.500 4M16 7.500l2.500 2.500\"/>");
/// A label on a string: tagged.
pub(super) const TAG: &str =
    svg!("<path d=\"M4 11.500V4h7.500L20 12.500 12.500 20z\"/><circle cx=\"8\" cy=\"8\" r=\"1.200\"/>");
/// Two threads that become one: joined.
pub(super) const JOINED: &str = svg!("<path d=\"M6 3.500c0 6 6 5 6 11v6M18 3.500c0 6-6 5-6 11\"/>");
/// A raised hand: held back.
pub(super) const HELD: &str =
    svg!("<circle cx=\"12\" cy=\"12\" r=\"8.500\"/><path d=\"M6.200 6.200l11.600 11.600\"/>");
/// A blank: erased.
pub(super) const ERASED: &str = svg!("<path d=\"M9 20h11M5 14.500l8.500-9 6 5.500-8.500 9H9z\"/>");

const fn drawing(channel: Channel) -> &'static str {
    match channel {
        Channel::Widget => {
            svg!("<path d=\"M4 5.500h16v11h-8.500L7 20.500v-4H4z\"/><path d=\"M8 9.500h8M8 12.700h5\"/>")
        }
        Channel::Sms => {
            svg!(
                "<rect x=\"7\" y=\"2.500\" width=\"10\" height=\"19\" rx=\"2.500\"/><path d=\"M11 18.500h2\"/>"
            )
        }
        Channel::Email => {
            svg!(
                "<rect x=\"3\" y=\"5\" width=\"18\" height=\"14\" rx=\"2\"/><path d=\"M3.500 7l8.500 6 8.500-6\"/>"
            )
        }
        Channel::Messenger => {
            svg!(
                "<path d=\"M12 3.500c5 0 9 3.500 9 8.200s-4 8.200-9 8.200c-.9 0-1.700-.1-2.500-.3L6.500 21.200v-3.100c-2.200-1.500-3.500-3.800-3.500-6.400C3 7 7 3.500 12 3.500z\"/><path d=\"M7.500 13.500l3-3 2.800 2.300 3.200-2.800\"/>"
            )
        }
        Channel::Instagram => {
            svg!(
                "<rect x=\"3.500\" y=\"3.500\" width=\"17\" height=\"17\" rx=\"5\"/><circle cx=\"12\" cy=\"12\" r=\"4\"/><path d=\"M16.800 7.200h.01\"/>"
            )
        }
    }
}

/// A channel's mark, with its name for those who do not see it.
pub(super) fn channel(html: &mut Html, channel: Channel) {
    html.tag("span").class("channel").attr("data-channel", channel.as_str()).inside(|html| {
        html.raw(drawing(channel));
        html.tag("span").class("sr").text(words::channel(channel));
    });
}
