//! Pages as functions from data to HTML. The two developer pages: the [`sandbox`] (a phone and a mailbox for each demo contact) and the [`timeline`] (every
//! channel of a contact as one conversation, with why each message went out).
//!
//! Pure functions from a view to HTML text. Whatever somebody wrote is escaped by the one writer all markup goes through
//! (`html`), and links are made for `http` and `https` only. Pages work without a script; [`JS`] only keeps them fresh.
//! They are served under [`CSP`]: no inline style, no inline script.
//!
//! The [`proof()`] of consent, the [`choice()`] of what a mailbox gets and the pages of appointments stand alone, in
//! production too: they bring their own style, and are served under [`csp`].

mod booking;
mod choice;
mod confirm;
mod export;
mod html;
mod icon;
mod proof;
mod sandbox;
mod sheet;
mod shell;
mod sign_in;
mod timeline;
mod view;
mod when;
pub(crate) mod words;

pub use booking::{
    AppointmentView, Asked, BookView, Day, Details, Done, Frame, Offer, Owner, Step, TRAP, Times,
    appointment, book, ended_link, ended_personal, no_link, nothing_to_book, unread_booking,
};
pub use choice::{ChoiceView, choice, told, unknown_link, unread_form};
pub use confirm::{ConfirmState, ConfirmView, confirm};
pub use export::export;
pub use proof::proof;
pub use sandbox::sandbox;
pub use sheet::csp;
pub use sign_in::{SignInView, sign_in};
pub use timeline::timeline;
pub(crate) use timeline::{Teller, sentence};
pub use view::{ConversationView, PersonView, Present, SandboxView, SelectedView, TimelineView};

/// The style sheet of both pages, served at [`CSS_PATH`].
pub const CSS: &str = include_str!("page/page.css");
/// Where the pages look for [`CSS`].
pub const CSS_PATH: &str = "/pages/page.css";
/// The script of both pages, served at [`JS_PATH`].
pub const JS: &str = include_str!("page/page.js");
/// Where the pages look for [`JS`].
pub const JS_PATH: &str = "/pages/page.js";
/// The content security policy both pages are written for.
pub const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
    img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Where a form's `back` field leads: one of the two pages, and the sandbox for anything else, so that the field cannot
/// lead a browser to another site.
pub fn back(asked: &str) -> &str {
    let (path, _) = asked.split_once('?').unwrap_or((asked, ""));
    let plain = asked.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if plain && matches!(path, "/sandbox" | "/timeline") { asked } else { "/sandbox" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_one_of_the_two_pages_and_nowhere_else() {
        for good in ["/sandbox", "/sandbox?person=1&mail=dlv_1", "/timeline?contact=ctc_1"] {
            assert_eq!(back(good), good);
        }
        for bad in
            ["", "//evil.example", "https://evil.example/sandbox", "/sandbox\r\nx: y", "/sandboxes", "/dev"]
        {
            assert_eq!(back(bad), "/sandbox", "{bad:?}");
        }
    }

    #[test]
    fn the_script_and_the_sheet_load_nothing_from_elsewhere() {
        for text in [CSS, JS] {
            assert!(!text.contains("http://") && !text.contains("https://") && !text.contains("@import"));
        }
        assert!(!JS.contains("eval(") && !JS.contains(".style"));
    }
}
