//! The page behind the link that asks a mailbox to confirm: one button that posts, no script.

use super::sheet::document;
use crate::phrases::{Lang, confirm as words};

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmView {
    /// The language to speak.
    pub lang: Lang,
    /// The site's name.
    pub site_name: String,
    /// The site's postal address.
    pub address: String,
    /// The mailbox, masked.
    pub mailbox: String,
    /// Where the button posts.
    pub action: String,
    /// How it stands.
    pub state: ConfirmState,
}

/// How what a mailbox is asked stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmState {
    /// It is asked.
    Asked,
    /// It is confirmed.
    Confirmed,
    /// Its owner stopped such mail since.
    Stopped,
    /// The link has ended.
    Ended,
}

/// The page.
pub fn confirm(view: &ConfirmView) -> String {
    let (lang, site) = (view.lang, &view.site_name);
    document(lang.tag(), &words::heading(lang, site), "choice", |html| {
        html.tag("p").class("shop").text(site);
        html.tag("h1").text(&words::heading(lang, site));
        match view.state {
            ConfirmState::Asked => {
                html.tag("p").text(&words::lead(lang, &view.mailbox));
                html.tag("form").attr("method", "post").attr("action", &view.action).inside(|html| {
                    html.tag("button").class("loud go").text(words::button(lang));
                });
            }
            ConfirmState::Confirmed => {
                html.tag("p").class("notice").attr("role", "status").text(&words::done(lang, &view.mailbox));
            }
            ConfirmState::Stopped => {
                html.tag("p").class("notice plain").text(words::stopped(lang));
            }
            ConfirmState::Ended => {
                html.tag("p").class("notice plain").text(words::ended(lang));
            }
        }
        html.tag("footer").inside(|html| {
            html.tag("p").text(&format!("{site}, {}", view.address));
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_asks_with_one_button_and_says_how_it_stands_in_the_contacts_language() {
        let view = |lang, state| ConfirmView {
            lang,
            site_name: "Larkspur & <Co>".into(),
            address: "1 Main St".into(),
            mailbox: "m•••@example.com".into(),
            action: "/c/token".into(),
            state,
        };
        let asked = confirm(&view(Lang::En, ConfirmState::Asked));
        assert!(
            asked.contains("method=\"post\" action=\"/c/token\"")
                && asked.contains("Larkspur &amp; &lt;Co&gt;")
        );
        assert_eq!((asked.matches("<button").count(), asked.contains("<script")), (1, false));
        for (state, says) in [
            (ConfirmState::Confirmed, "está confirmado"),
            (ConfirmState::Stopped, "START"),
            (ConfirmState::Ended, "ha caducado"),
        ] {
            let page = confirm(&view(Lang::Es, state));
            assert!(page.contains(says) && !page.contains("<button"), "{state:?}");
        }
    }
}
