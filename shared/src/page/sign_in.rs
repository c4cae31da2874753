//! The pages by which somebody comes into the inbox: one field, one button each, no script.

use super::{html::Html, sheet::document};
use crate::phrases::{Lang, sign_in as words};

/// What the pages show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInView {
    /// The form, with what was typed, and what is wrong with it.
    Form {
        /// What was typed.
        email: String,
        /// What is wrong.
        wrong: Option<String>,
    },
    /// A link was asked for.
    Asked {
        /// For whom, as they typed it.
        email: String,
    },
    /// A link that works: a button that signs in.
    Enter {
        /// Whose it is, masked.
        email: String,
        /// Where the button posts.
        action: String,
    },
    /// A link that does not, and why.
    Refused(String),
}

/// The page.
pub fn sign_in(lang: Lang, view: &SignInView) -> String {
    let heading = match view {
        SignInView::Form { .. } | SignInView::Enter { .. } => words::heading(lang),
        SignInView::Asked { .. } => words::asked(lang),
        SignInView::Refused(_) => words::refused(lang),
    };
    document(lang.tag(), heading, "book", |html| {
        html.tag("p").class("shop").text("Throughline");
        html.tag("h1").text(heading);
        match view {
            SignInView::Form { email, wrong } => form(html, lang, email, wrong.as_deref()),
            SignInView::Asked { email } => {
                html.tag("p").attr("role", "status").text(&words::asked_lead(lang, email));
                back(html, lang);
            }
            SignInView::Enter { email, action } => {
                html.tag("p").text(&words::enter_lead(lang, email));
                html.tag("form").attr("method", "post").attr("action", action).inside(|html| {
                    html.tag("button").class("loud go").text(words::enter(lang));
                });
            }
            SignInView::Refused(why) => {
                html.tag("p").class("notice bad").attr("role", "alert").text(why);
                back(html, lang);
            }
        }
    })
}

fn form(html: &mut Html, lang: Lang, email: &str, wrong: Option<&str>) {
    html.tag("p").text(words::lead(lang));
    let form = html.tag("form").class("details").attr("method", "post").attr("action", "/inbox/sign-in");
    form.attr("novalidate", "").inside(|html| {
        html.tag("div").class("field").inside(|html| {
            html.tag("label").attr("for", "email").text(words::label(lang));
            if let Some(wrong) = wrong {
                html.tag("p").class("wrong").attr("id", "email-wrong").attr("role", "alert").text(wrong);
            }
            html.tag("input")
                .attr("id", "email")
                .attr("name", "email")
                .attr("type", "email")
                .attr("autocomplete", "email")
                .attr("autofocus", "")
                .attr("required", "")
                .attr("value", email)
                .attr_if(wrong.is_some(), "aria-describedby", "email-wrong")
                .attr_if(wrong.is_some(), "aria-invalid", "true")
                .void();
        });
        html.tag("button").class("loud go").text(words::ask(lang));
    });
}

fn back(html: &mut Html, lang: Lang) {
    html.tag("p").class("links").inside(|html| {
        html.tag("a").attr("href", "/inbox/sign-in").text(words::again(lang));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_keeps_what_was_typed_and_says_what_is_wrong_beside_it() {
        let wrong = Some(words::no_address(Lang::En).to_owned());
        let page = sign_in(Lang::En, &SignInView::Form { email: "\"><script>jo".into(), wrong });
        assert!(page.contains("value=\"&quot;&gt;&lt;script&gt;jo\"") && !page.contains("<script"), "{page}");
        assert!(page.contains("aria-describedby=\"email-wrong\" aria-invalid=\"true\""), "{page}");
        let fresh = sign_in(Lang::Es, &SignInView::Form { email: String::new(), wrong: None });
        assert!(fresh.contains("Envíenme un enlace") && !fresh.contains("aria-invalid=\""), "{fresh}");
    }

    #[test]
    fn a_link_that_works_has_one_button_and_one_that_does_not_has_none() {
        let enter =
            SignInView::Enter { email: "j•••@team.example".into(), action: "/inbox/in/t.a".into() };
        let page = sign_in(Lang::En, &enter);
        assert!(
            page.contains("method=\"post\" action=\"/inbox/in/t.a\"") && page.matches("<button").count() == 1
        );
        let page = sign_in(Lang::En, &SignInView::Refused(words::ended(Lang::En)));
        assert!(page.contains("10 minutes") && page.contains("/inbox/sign-in") && !page.contains("<button"));
    }
}
