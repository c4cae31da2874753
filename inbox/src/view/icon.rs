//! Drawings in the colour of the words beside them, and hidden from whoever listens.

use leptos::prelude::*;
use shared::channel::Channel;

use crate::words::say;

/// A drawing by its name.
#[component]
pub(crate) fn Icon(
    /// Which.
    name: &'static str,
) -> impl IntoView {
    view! { <span class="icon" aria-hidden="true" inner_html=drawing(name)></span> }
}

/// A channel's mark, with its name for whoever does not see it.
#[component]
pub(crate) fn Mark(
    /// Which.
    channel: Channel,
) -> impl IntoView {
    view! {
        <span class="mark" data-channel=channel.as_str()>
            <Icon name=channel.as_str()/>
            <span class="sr">{say(name(channel))}</span>
        </span>
    }
}

/// The name of a channel's words.
pub(crate) const fn name(channel: Channel) -> &'static str {
    match channel {
        Channel::Widget => "channel-widget",
        Channel::Sms => "channel-sms",
        Channel::Email => "channel-email",
        Channel::Messenger => "channel-messenger",
        Channel::Instagram => "channel-instagram",
    }
}

fn drawing(name: &str) -> String {
    let paths = match name {
        "widget" => r#"<path d="M4 5.5h16v11h-8.500L7 20.500v-4H4z"/><path d="M8 9.500h8M8 12.700h5"/>"#,
        "sms" => r#"<rect x="7" y="2.500" width="10" height="19" rx="2.500"/><path d="M11 18.500h2"/>"#,
        "email" => r#"<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3.500 7l8.500 6 8.500-6"/>"#,
        "messenger" => {
            r#"<path d="M12 3.500c5 0 9 3.500 9 8.200s-4 8.200-9 8.200c-.9 0-1.700-.1-2.500-.3L6.500 21.200v-3.100c-2.200-1.500-3.500-3.800-3.500-6.400C3 7 7 3.500 12 3.500z"/><path d="M7.500 13.500l3-3 2.800 2.300 3.200-2.800"/>"#
        }
        "instagram" => {
            r#"<rect x="3.500" y="3.500" width="17" height="17" rx="5"/><circle cx="12" cy="12" r="4"/><path d="M16.800 7.200h.01"/>"#
        }
        "note" => r#"<path d="M5 4h14v10l-5 6H5z"/><path d="M14 20v-6h5"/>"#,
        "clip" => {
            r#"<path d="M19.500 11.500l-7.800 7.800a5 5 0 0 1-7-7L12.500 4.500a3.300 3.300 0 0 1 4.700 4.700l-7.700 7.700a1.600 1.600 0 0 1-2.300-2.300L14 7.800"/>"#
        }
        "send" => r#"<path d="M12 20V5M5.500 11 12 4.500 18.500 11"/>"#,
        "close" => r#"<path d="M6 6l12 12M18 6 6 18"/>"#,
        "back" => r#"<path d="M14.500 5 7.500 12l7 7"/>"#,
        "person" | "mine" => {
            r#"<circle cx="12" cy="8" r="4"/><path d="M4.500 20.500c1-4.500 4-6 7.500-6s6.500 1.500 7.500 6"/>"#
        }
        "search" => r#"<circle cx="11" cy="11" r="6.500"/><path d="M16 16l4.500 4.500"/>"#,
        "clock" => r#"<circle cx="12" cy="12" r="8.500"/><path d="M12 7v5.300l3.400 2"/>"#,
        "held" => r#"<circle cx="12" cy="12" r="8.500"/><path d="M6.200 6.200l11.600 11.600"/>"#,
        "consent" => r#"<path d="M6 3.500h9l4 4V20.500H6z"/><path d="M9 13.500l2.300 2.300L15.500 11"/>"#,
        "joined" => r#"<path d="M6 3.500c0 6 6 5 6 11v6M18 3.500c0 6-6 5-6 11"/>"#,
        "tag" => r#"<path d="M4 11.500V4h7.500L20 12.500 12.500 20z"/><circle cx="8" cy="8" r="1.200"/>"#,
        "key" => r#"<circle cx="8" cy="15.500" r="4"/><path d="M11 12.500 19.500 4M16 7.500l2.500 2.500"/>"#,
        "erased" => r#"<path d="M9 20h11M5 14.500l8.500-9 6 5.500-8.500 9H9z"/>"#,
        "check" => r#"<path d="M5 12.500l4.500 4.500L19 7.500"/>"#,
        "all" => {
            r#"<path d="M4 13.500V19h16v-5.500M4 13.500 6.500 5h11L20 13.500M4 13.500h5l1.500 2.500h3l1.500-2.500h5"/>"#
        }
        "unassigned" => {
            r#"<circle cx="10" cy="8" r="4"/><path d="M3 20.500c1-4.500 4-6 7-6M17 14v6M14 17h6"/>"#
        }
        "waiting" => {
            r#"<path d="M7 3.500h10M7 20.500h10M8 3.500c0 5 4 5 4 8.500 0-3.500 4-3.500 4-8.500M8 20.500c0-5 4-5 4-8.500 0 3.500 4 3.500 4 8.500"/>"#
        }
        "promised" => {
            r#"<circle cx="12" cy="13" r="7.500"/><path d="M12 9v4.300l2.600 1.700M9.500 2.500h5"/>"#
        }
        "not_delivered" => r#"<path d="M12 4 2.500 20h19z"/><path d="M12 10v4.500M12 17.200v.01"/>"#,
        "automated" => {
            r#"<rect x="4.500" y="8" width="15" height="11" rx="3"/><path d="M12 8V4M9 13v1.500M15 13v1.500"/>"#
        }
        "snoozed" => r#"<path d="M20 14.500A8.500 8.500 0 1 1 9.500 4a7 7 0 0 0 10.500 10.500z"/>"#,
        "resolved" => r#"<circle cx="12" cy="12" r="8.500"/><path d="M8 12.200l2.800 2.800 5.200-5.500"/>"#,
        "chart" => r#"<path d="M4 20h16M7 16.500v-5M12 16.500v-10M17 16.500v-7"/>"#,
        "settings" => {
            r#"<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2.200"/><circle cx="9" cy="17" r="2.200"/>"#
        }
        "menu" => r#"<path d="M4 7h16M4 12h16M4 17h16"/>"#,
        "help" => {
            r#"<circle cx="12" cy="12" r="8.500"/><path d="M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.4-1 .9-1 1.700M12 16.500v.01"/>"#
        }
        _ => r#"<circle cx="12" cy="12" r="3"/>"#,
    };
    [
        r#"<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.800" stroke-linecap="round" stroke-linejoin="round">"#,
        paths,
        "</svg>",
    ]
    .concat()
}
