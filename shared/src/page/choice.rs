//! The page where somebody chooses what a mailbox gets: plain forms that post, no script, in the contact's language.

use super::{html::Html, sheet::document, shell::hidden};
use crate::{
    phrases::{Lang, subscription as words},
    subscription::{Part, State},
};

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceView {
    /// The language to speak.
    pub lang: Lang,
    /// The site's name.
    pub site_name: String,
    /// The site's postal address.
    pub address: String,
    /// The number people may call.
    pub phone: String,
    /// The mailbox, masked.
    pub mailbox: String,
    /// Where the forms post.
    pub action: String,
    /// How each part stands.
    pub parts: [(Part, State); 3],
    /// What has just been done.
    pub done: Option<(Part, bool)>,
}

/// The page.
pub fn choice(view: &ChoiceView) -> String {
    let lang = view.lang;
    let heading = words::heading(lang);
    document(lang.tag(), &format!("{heading} – {}", view.site_name), "choice", |html| {
        html.tag("p").class("shop").text(&view.site_name);
        html.tag("h1").text(heading);
        html.tag("p").class("soft").text(&words::lead(lang, &view.site_name, &view.mailbox));
        if let Some((part, wanted)) = view.done {
            let done = html.tag("p").class("notice").attr("role", "status");
            done.text(words::done(lang, part, wanted));
        }
        let whole = view.parts.iter().find(|(part, _)| *part == Part::Everything).map(|(_, state)| *state);
        let whole = whole.unwrap_or(State::On);
        if whole == State::On {
            html.tag("ul").class("parts").inside(|html| {
                for (part, state) in view.parts.iter().filter(|(part, _)| *part != Part::Everything) {
                    html.tag("li").inside(|html| one_part(html, view, *part, *state));
                }
            });
        }
        html.tag("div").class("all").inside(|html| everything(html, view, whole));
        html.tag("footer").inside(|html| {
            html.tag("p").text(&words::help(lang, &super::words::phone(&view.phone), whole == State::On));
            html.tag("p").text(&format!("{}, {}", view.site_name, view.address));
        });
    })
}

fn one_part(html: &mut Html, view: &ChoiceView, part: Part, state: State) {
    let lang = view.lang;
    html.tag("div").inside(|html| {
        html.tag("h2").text(words::name(lang, part));
        html.tag("p").text(&words::about(lang, part, &view.site_name));
        let class = match state {
            State::On => "tag ok",
            _ => "tag",
        };
        html.tag("span").class(class).text(words::standing(lang, state));
    });
    match state {
        State::On | State::Unconfirmed => form(html, view, "quiet", part, false),
        State::Stopped => form(html, view, "quiet", part, true),
        State::Off | State::StoppedElsewhere | State::Covered => {}
    }
}

fn everything(html: &mut Html, view: &ChoiceView, state: State) {
    let lang = view.lang;
    if state == State::On {
        form(html, view, "loud", Part::Everything, false);
        html.tag("p").text(&words::about(lang, Part::Everything, &view.site_name));
        return;
    }
    let here = state == State::Stopped;
    if view.done != Some((Part::Everything, false)) {
        html.tag("p").class("notice plain").text(&words::all_stopped(lang, &view.site_name, here));
    }
    if here {
        form(html, view, "quiet", Part::Everything, true);
    }
}

fn form(html: &mut Html, view: &ChoiceView, class: &'static str, part: Part, wanted: bool) {
    html.tag("form").attr("method", "post").attr("action", &view.action).inside(|html| {
        hidden(html, "part", part.as_str());
        hidden(html, "wanted", if wanted { "yes" } else { "no" });
        html.tag("button").class(class).text(words::button(view.lang, part, wanted));
    });
}

/// The page of a link that is none of ours, or no more.
pub fn unknown_link(lang: Lang) -> String {
    told(lang, words::unknown_heading(lang), words::unknown(lang))
}

/// The page of a form that cannot be read.
pub fn unread_form(lang: Lang) -> String {
    told(lang, words::unread_heading(lang), words::unread(lang))
}

/// A page that says one thing.
pub fn told(lang: Lang, heading: &str, text: &str) -> String {
    document(lang.tag(), heading, "choice", |html| {
        html.tag("h1").text(heading);
        html.tag("p").text(text);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(lang: Lang, states: [State; 3]) -> ChoiceView {
        let mut states = states.into_iter();
        ChoiceView {
            lang,
            site_name: "Larkspur & <Co>".into(),
            address: "1 Main St".into(),
            phone: "+15005550006".into(),
            mailbox: "m•••@example.com".into(),
            action: "/u/token".into(),
            parts: Part::ALL.map(|part| (part, states.next().unwrap())),
            done: None,
        }
    }

    #[test]
    fn every_part_has_the_one_button_that_fits() {
        let page = choice(&view(Lang::En, [State::On, State::Stopped, State::On]));
        for words in ["Stop news and offers", "Start reminders again", "Stop everything by email"] {
            assert!(page.contains(&format!(">{words}</button>")), "{words}");
        }
        assert_eq!(page.matches("<button").count(), 3);
        assert_eq!(page.matches("method=\"post\" action=\"/u/token\"").count(), 3);
        assert!(page.contains("Larkspur &amp; &lt;Co&gt;") && !page.contains("<script"));
    }

    #[test]
    fn what_was_stopped_elsewhere_has_no_button() {
        let covered = [State::Covered, State::Covered, State::StoppedElsewhere];
        let page = choice(&view(Lang::En, covered));
        assert!(!page.contains("<button") && page.contains("write START"));
        let page = choice(&view(Lang::En, [State::Covered, State::Covered, State::Stopped]));
        assert!(page.contains(">Start email again</button>") && page.matches("<button").count() == 1);
        let page = choice(&view(Lang::En, [State::Off, State::StoppedElsewhere, State::On]));
        assert_eq!(page.matches("<button").count(), 1, "only everything can be stopped");
    }

    #[test]
    fn it_speaks_the_contacts_language() {
        let page = choice(&view(Lang::Es, [State::On, State::On, State::On]));
        assert!(page.contains("<html lang=\"es\">") && page.contains("Detener todo por correo"));
        assert!(unknown_link(Lang::Es).contains("Este enlace no funciona"));
        assert!(unread_form(Lang::En).contains("Nothing was changed"));
    }
}
