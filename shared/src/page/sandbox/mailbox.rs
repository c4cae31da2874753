//! The mailbox: a list, the opened mail with its history folded, and forms to answer it or to write a new one.

use super::{
    super::{
        html::{Html, path},
        icon,
        shell::{copy, hidden, live},
        when::{self, Shape},
    },
    Desk, phone, quote, seats,
};
use crate::{store::sandbox::SandboxMessage, text};

/// How much of a mail the list shows, in characters.
const PREVIEW_CHARS: usize = 110;

pub(super) fn draw(html: &mut Html, desk: &Desk<'_>) {
    html.tag("section").class("mail-side").attr("aria-labelledby", "mail-title").inside(|html| {
        html.tag("div").class("caption").inside(|html| {
            html.tag("h2").attr("id", "mail-title").text(&format!("{} mailbox", phone::possessive(desk)));
            if let Some(email) = desk.seat.email {
                html.tag("p").inside(|html| {
                    html.tag("b").class("address").text(email);
                    copy(html, email, "the address");
                });
            }
        });
        match desk.seat.email {
            Some(email) => client(html, desk, email),
            None => html.tag("p").class("empty").text("This person has no mailbox here."),
        }
    });
}

fn client(html: &mut Html, desk: &Desk<'_>, email: &str) {
    let mails: Vec<&SandboxMessage> = desk.seat.on("email").collect();
    let asked = mails.iter().find(|mail| desk.view.mail.as_deref() == Some(&mail.id));
    let newest = mails.iter().find(|mail| seats::is_ours(mail, desk.view)).or(mails.first());
    let opened = asked.or(newest).copied();
    html.tag("div").class("mailbox").inside(|html| {
        if !desk.view.site_email.is_empty() {
            write_new(html, desk, email, mails.is_empty());
        }
        live(html, "div", "mail-list")
            .class("mail-list")
            .attr("role", "region")
            .attr("tabindex", "0")
            .attr("aria-label", "Mails")
            .inside(|html| list(html, desk, &mails, opened));
        live(html, "article", "mail-open").class("mail-open").inside(|html| match opened {
            Some(mail) => read(html, desk, mail, email),
            None => nothing(html, desk, email),
        });
    });
}

fn list(html: &mut Html, desk: &Desk<'_>, mails: &[&SandboxMessage], opened: Option<&SandboxMessage>) {
    if mails.is_empty() {
        html.tag("p").class("none").text("No mail");
    }
    html.tag("ol").inside(|html| {
        for mail in mails {
            let href =
                path("/sandbox", desk.view.site.as_ref(), &[("person", desk.index), ("mail", &mail.id)]);
            let current = opened.is_some_and(|opened| opened.id == mail.id);
            html.tag("li").inside(|html| {
                let link = html.tag("a").attr("href", &href).attr("id", &format!("mail-{}", mail.id));
                link.attr_if(current, "aria-current", "true").inside(|html| row(html, desk, mail));
            });
        }
    });
}

fn row(html: &mut Html, desk: &Desk<'_>, mail: &SandboxMessage) {
    let ours = seats::is_ours(mail, desk.view);
    html.tag("b").attr("dir", "auto").text(if ours { sender(desk, mail) } else { "You" });
    when::time(html, mail.at_ms, desk.view.now, desk.seat.zone, Shape::Short);
    html.tag("span").class("subject").attr("dir", "auto").text(subject(mail));
    let words = quote::split(&mail.text).0.split_whitespace().collect::<Vec<_>>().join(" ");
    html.tag("span").class("preview").attr("dir", "auto").text(text::truncate(&words, PREVIEW_CHARS));
}

/// Who a mail of the site's is from: its display name, else the site's.
fn sender<'a>(desk: &'a Desk<'_>, mail: &'a SandboxMessage) -> &'a str {
    let name = seats::display(&mail.sender);
    if name.contains('@') { &desk.view.site_name } else { name }
}

fn subject(mail: &SandboxMessage) -> &str {
    mail.subject.as_deref().filter(|subject| !subject.trim().is_empty()).unwrap_or("(no subject)")
}

fn read(html: &mut Html, desk: &Desk<'_>, mail: &SandboxMessage, email: &str) {
    let ours = seats::is_ours(mail, desk.view);
    html.tag("h3").attr("dir", "auto").text(subject(mail));
    html.tag("dl").class("envelope").inside(|html| {
        for (name, value) in [("From", &mail.sender), ("To", &mail.recipient)] {
            html.tag("div").inside(|html| {
                html.tag("dt").text(name);
                html.tag("dd").attr("dir", "auto").text(value);
            });
        }
        html.tag("div").inside(|html| {
            html.tag("dt").text("Date");
            html.tag("dd")
                .inside(|html| when::time(html, mail.at_ms, desk.view.now, desk.seat.zone, Shape::Full));
        });
    });
    if let Some(raw) = &mail.raw {
        fold(html, &format!("raw-{}", mail.id), "As it was on the wire", |html| {
            html.tag("pre").attr("tabindex", "0").text(raw);
        });
    }
    let (words, history) = quote::split(&mail.text);
    html.tag("div").class("letter").attr("dir", "auto").inside(|html| html.prose(words));
    if let Some(history) = history {
        fold(html, &format!("history-{}", mail.id), "Quoted history", |html| {
            html.tag("div").class("letter quoted").attr("dir", "auto").inside(|html| html.prose(history));
        });
    }
    if ours {
        answer(html, desk, mail, email);
    }
}

fn fold(html: &mut Html, id: &str, summary: &str, content: impl FnOnce(&mut Html)) {
    html.tag("details").attr("id", id).inside(|html| {
        html.tag("summary").text(summary);
        content(html);
    });
}

fn answer(html: &mut Html, desk: &Desk<'_>, mail: &SandboxMessage, email: &str) {
    let again = subject(mail).get(..3).is_some_and(|start| start.eq_ignore_ascii_case("re:"));
    let subject = if again { subject(mail).to_owned() } else { format!("Re: {}", subject(mail)) };
    let form = html.tag("form").class("answer").attr("method", "post").attr("action", "/sandbox/email");
    form.inside(|html| {
        envelope(html, desk, email, seats::bare(&mail.sender), &mail.id);
        hidden(html, "subject", &subject);
        area(html, "reply-text", &format!("Answer as {}", desk.seat.name), "4");
        send(html, "Send the answer");
    });
}

/// Open where there is nothing to read yet.
fn write_new(html: &mut Html, desk: &Desk<'_>, email: &str, open: bool) {
    let to = &desk.view.site_email;
    let fold = html.tag("details").class("new-mail").attr("id", "new-mail").attr_if(open, "open", "");
    fold.inside(|html| {
        html.tag("summary").inside(|html| {
            html.raw(icon::WRITE);
            html.text("New mail");
        });
        html.tag("form").attr("method", "post").attr("action", "/sandbox/email").inside(|html| {
            envelope(html, desk, email, to, "");
            html.tag("p").class("to").text(&format!("To {to}"));
            html.tag("label").attr("for", "new-subject").text("Subject");
            html.tag("input")
                .attr("id", "new-subject")
                .attr("name", "subject")
                .attr("maxlength", "200")
                .attr("dir", "auto")
                .attr("autocomplete", "off")
                .void();
            area(html, "new-text", "Message", "5");
            send(html, "Send the mail");
        });
    });
}

fn envelope(html: &mut Html, desk: &Desk<'_>, from: &str, to: &str, in_reply_to: &str) {
    for (name, value) in [("from", from), ("to", to), ("in_reply_to", in_reply_to), ("back", desk.here)] {
        hidden(html, name, value);
    }
}

fn area(html: &mut Html, id: &str, label: &str, rows: &str) {
    html.tag("label").attr("for", id).text(label);
    let area = html.tag("textarea").attr("id", id).attr("name", "text").attr("rows", rows);
    area.attr("required", "").attr("maxlength", "20000").attr("dir", "auto").text("");
}

fn send(html: &mut Html, label: &str) {
    html.tag("p").class("trouble").attr("role", "alert").text("");
    html.tag("button").class("button").text(label);
}

fn nothing(html: &mut Html, desk: &Desk<'_>, email: &str) {
    html.tag("div").class("nothing").inside(|html| {
        html.tag("p").class("lead").text("No mail yet");
        html.tag("p").inside(|html| {
            html.text("Ask ");
            html.tag("q").text("can you email me that?");
            html.text(" in the chat on the demo site, with this address: ");
            html.tag("b").text(email);
        });
        if !desk.view.site_email.is_empty() {
            html.tag("p").text(&format!("Or write a new mail to {}.", desk.view.site_email));
        }
    });
}
