//! A message as raw mail: RFC 5322 headers and a `multipart/alternative` of plain text and escaped HTML.
//!
//! The same message renders to the same bytes. Everything that comes from outside (names, subjects, ids) loses its
//! control characters first, so that no value can add a header. The answer goes to the signed [`reply_address`], and the
//! mail's own id says which delivery and conversation it is. Marketing mail, and no other, ends with the postal address and
//! says in words and headers how to leave it ([`unsubscribe`]).
//!
//! [`reply_address`]: super::reply_address

use mail_builder::{
    MessageBuilder,
    headers::{
        address::Address, content_type::ContentType, date::Date, message_id::MessageId, raw::Raw, text::Text,
        url::URL,
    },
    mime::MimePart,
};

use super::{html::html_of_text, loop_guard::LOOP_HEADER, reply_address::render_reply_address, unsubscribe};
use crate::{
    channel::provider::RenderError,
    contact::{Address as EmailAddress, AddressKind},
    delivery::Purpose,
    id::{ConversationId, DeliveryId, SiteId},
    message::{Enclosed, Outgoing, Quoted},
    phrases, signature,
    time::SECOND_MS,
};

/// The newest ids kept in `References` beside the root; Cloudflare refuses more than 100.
const MAX_REFERENCES: usize = 10;
/// The longest subject and sender's name sent, in characters.
const MAX_LINE_CHARS: usize = 200;
/// The longest text sent, in characters, so that both parts stay far below the 5 MiB of Cloudflare's Email Service.
pub const MAX_TEXT_CHARS: usize = 100_000;

/// What a reply prefix looks like in the languages of [`super::quote_words`], in lower case.
const REPLY_PREFIXES: [&str; 12] =
    ["re", "aw", "antw", "antwort", "sv", "vs", "odp", "rif", "r", "ref", "res", "返信"];

/// Who sends.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// The site's name.
    pub name: &'a str,
    /// The mailbox, also the envelope's sender.
    pub mailbox: &'a str,
    /// The key of signed reply addresses, and of the links by which marketing mail is left.
    pub reply_key: &'a str,
    /// The site.
    pub site: &'a SiteId,
    /// Its postal address.
    pub address: &'a str,
    /// The public base URL of this deployment, without a trailing slash.
    pub public_url: &'a str,
}

/// The `Message-ID` of a mail of ours, without angle brackets: `<delivery>.<conversation>@<the mailbox's domain>`.
pub fn message_id_of(delivery: &DeliveryId, conversation: &ConversationId, mailbox: &str) -> String {
    let (_, domain) = mailbox.rsplit_once('@').unwrap_or(("", mailbox));
    format!("{delivery}.{conversation}@{domain}")
}

/// The mail. [`RenderError::Unfit`] for an address that is none, for a text that is blank or longer than
/// [`MAX_TEXT_CHARS`], and for marketing of a site without a postal address.
pub fn render_mail(sender: &Sender<'_>, message: &Outgoing) -> Result<Vec<u8>, RenderError> {
    check(sender, message)?;
    let references = references(&message.references);
    let reply_to = if message.to_team {
        sender.mailbox.to_owned()
    } else {
        render_reply_address(sender.reply_key, &message.conversation, sender.mailbox, &message.to)
    };
    let mut mail = MessageBuilder::new()
        .header("From", Address::new_address(Some(one_line(sender.name)), sender.mailbox))
        .header("To", Address::new_address(None::<&str>, message.to.as_str()))
        .header("Reply-To", Address::new_address(Some(one_line(sender.name)), reply_to.as_str()))
        .header("Subject", Text::new(subject(sender, message)))
        .header(
            "Message-ID",
            MessageId::new(message_id_of(&message.delivery, &message.conversation, sender.mailbox)),
        )
        .header("Date", Date::new(message.at.ms().max(0) / SECOND_MS));
    if let Some(parent) = references.last() {
        mail = mail
            .header("In-Reply-To", MessageId::new(parent.clone()))
            .header("References", MessageId::new_list(references.iter().cloned()));
    }
    if message.automatic {
        let answers = !references.is_empty() || message.quoted.is_some();
        mail =
            mail.header("Auto-Submitted", Raw::new(if answers { "auto-replied" } else { "auto-generated" }));
    }
    let is_marketing = message.purpose == Purpose::Marketing;
    // What nobody asked for answers nothing, and ends with how to leave it.
    let quoted = message.quoted.as_ref().filter(|_| !is_marketing);
    let mut text = message.text.clone();
    if is_marketing {
        let mailbox = EmailAddress::new(AddressKind::Email, message.to.as_str());
        let token = unsubscribe::seal(sender.reply_key, sender.site, &mailbox);
        let link = unsubscribe::link(sender.public_url, &token);
        let footer = phrases::subscription::footer(message.lang, sender.name, sender.address, &link);
        text = format!("{}\n\n{footer}", text.trim_end());
        mail = mail
            .header("List-Unsubscribe", URL::new_list([link, unsubscribe::mail_link(&reply_to)].into_iter()))
            .header("List-Unsubscribe-Post", Raw::new(unsubscribe::ONE_CLICK));
    }
    let mut parts = vec![
        MimePart::new("text/plain", plain(&text, quoted)),
        MimePart::new("text/html", page(&text, quoted)),
    ];
    // The last alternative is the best one for whoever understands it (RFC 6047 section 2.4).
    if let Some(calendar) = &message.calendar {
        let kind = ContentType::new("text/calendar").attribute("method", calendar.method.as_str());
        parts.push(MimePart::new(kind.attribute("charset", "utf-8"), calendar.ics.as_str()));
    }
    let kind = ContentType::new("multipart/alternative").attribute("boundary", boundary(message));
    let mut body = MimePart::new(kind, parts);
    if !message.files.is_empty() {
        let file = |file: &Enclosed| {
            MimePart::new(file.media_type.clone(), file.bytes.clone()).attachment(one_line(&file.name))
        };
        let parts: Vec<_> = core::iter::once(body).chain(message.files.iter().map(file)).collect();
        let mixed = ContentType::new("multipart/mixed").attribute("boundary", boundary(message) + "-files");
        body = MimePart::new(mixed, parts);
    }
    mail.header(LOOP_HEADER, Raw::new("1"))
        .body(body)
        .write_to_vec()
        .map_err(|_| RenderError::Unfit("the mail could not be encoded"))
}

fn check(sender: &Sender<'_>, message: &Outgoing) -> Result<(), RenderError> {
    if !is_address(sender.mailbox) {
        return Err(RenderError::Unfit("the endpoint's address is not a mailbox"));
    }
    if !is_address(&message.to) {
        return Err(RenderError::Unfit("the recipient is not an email address"));
    }
    if message.text.trim().is_empty() {
        return Err(RenderError::Unfit("the text is empty"));
    }
    if message.text.chars().nth(MAX_TEXT_CHARS).is_some() {
        return Err(RenderError::Unfit("the text is too long"));
    }
    if message.purpose == Purpose::Marketing && sender.address.trim().is_empty() {
        return Err(RenderError::Unfit("marketing mail needs the site's postal address"));
    }
    Ok(())
}

/// Whether a text can stand between angle brackets.
fn is_address(text: &str) -> bool {
    let inside =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',' | ';' | '(' | ')');
    text.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && text.chars().all(inside)
}

/// The root and the newest ids, oldest first; what is no id is left out.
fn references(ids: &[String]) -> Vec<String> {
    let usable = |id: &&String| {
        let inside = |c: char| c.is_ascii_graphic() && c != '<' && c != '>';
        !id.is_empty() && id.len() <= 500 && id.chars().all(inside)
    };
    let ids: Vec<&String> = ids.iter().filter(usable).collect();
    let newest = ids.len().saturating_sub(MAX_REFERENCES);
    let root = ids.first().filter(|_| newest > 0);
    root.into_iter().chain(&ids[newest..]).map(|id| (*id).clone()).collect()
}

/// The subject; the site's name where there is none.
fn subject(sender: &Sender<'_>, message: &Outgoing) -> String {
    let subject = one_line(message.subject.as_deref().unwrap_or_default());
    let subject = if subject.is_empty() { one_line(sender.name) } else { subject };
    reply_subject(&subject, !message.references.is_empty())
}

/// A subject with `Re: ` once where the mail is an answer.
pub(super) fn reply_subject(subject: &str, answers: bool) -> String {
    if answers { format!("Re: {}", without_prefix(subject)) } else { subject.to_owned() }
}

fn without_prefix(subject: &str) -> &str {
    let mut rest = subject.trim_start();
    while let Some((prefix, after)) = rest.split_once([':', '：']) {
        let prefix = prefix.split('[').next().unwrap_or(prefix).trim().to_lowercase();
        if !REPLY_PREFIXES.contains(&prefix.as_str()) {
            break;
        }
        rest = after.trim_start();
    }
    rest
}

/// One line without control characters, at most [`MAX_LINE_CHARS`].
pub(super) fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_LINE_CHARS).collect()
}

/// Line ends as `\n`, other control characters gone.
fn clean(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.trim().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// Text with its quote below, lines marked `> `.
pub(super) fn plain(text: &str, quoted: Option<&Quoted>) -> String {
    let mut out = clean(text);
    if let Some(quoted) = quoted {
        out.push_str("\n\n");
        out.push_str(&one_line(&quoted.intro));
        for line in clean(&quoted.text).lines() {
            out.push_str(if line.starts_with('>') { "\n>" } else { "\n> " });
            out.push_str(line);
        }
    }
    out.push('\n');
    out
}

fn page(text: &str, quoted: Option<&Quoted>) -> String {
    let mut out = format!("<!doctype html>\n<html><body>\n<div>{}</div>\n", html_of_text(&clean(text)));
    if let Some(quoted) = quoted {
        let (intro, words) = (html_of_text(&one_line(&quoted.intro)), html_of_text(&clean(&quoted.text)));
        out.push_str("<br>\n<div>");
        out.push_str(&intro);
        out.push_str("<blockquote type=\"cite\">");
        out.push_str(&words);
        out.push_str("</blockquote></div>\n");
    }
    out.push_str("</body></html>\n");
    out
}

/// A boundary that follows from the message and that nobody could have put into its text.
fn boundary(message: &Outgoing) -> String {
    let pieces = [message.delivery.as_str(), "\n", message.text.as_str()].concat();
    format!("tl-{}", &signature::hex(&signature::sha256(pieces.as_bytes()))[..24])
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        channel::{
            Channel,
            email::{
                auth_results, mime,
                parse::{Authenticity, Envelope, Reading, parse_message},
            },
        },
        id::EventId,
        message::{InboundMessage, ThreadRef},
        phrases::Lang,
        time::Timestamp,
    };

    static SITE: LazyLock<SiteId> = LazyLock::new(|| SiteId::parse("ste_larkspur").unwrap());
    static SENDER: LazyLock<Sender<'static>> = LazyLock::new(|| Sender {
        name: "Larkspur Cycles",
        mailbox: "hello@larkspur.example",
        reply_key: "key",
        site: &SITE,
        address: "1 Main St, Portland",
        public_url: "https://chat.example.com",
    });

    fn outgoing(text: &str) -> Outgoing {
        Outgoing {
            delivery: DeliveryId::parse("dlv_1").unwrap(),
            conversation: ConversationId::parse("cnv_1").unwrap(),
            event: EventId::parse("evt_1").unwrap(),
            at: Timestamp::from_ms(1_795_511_534_000),
            channel: Channel::Email,
            to: "maria@lopez.example".into(),
            purpose: Purpose::Reply,
            lang: Lang::En,
            text: text.into(),
            subject: Some("Your tune-up".into()),
            references: vec!["root@x".into(), "last@x".into()],
            quoted: Some(Quoted {
                intro: "On Tuesday, 24 November 2026 at 09:12, Maria wrote:".into(),
                text: "How much?\n> older".into(),
            }),
            automatic: true,
            to_team: false,
            calendar: None,
            files: Vec::new(),
        }
    }

    /// The mail as the contact's own reader, another deployment, would see it.
    fn read(raw: &[u8]) -> InboundMessage {
        let envelope = Envelope { from: SENDER.mailbox, to: "maria@lopez.example" };
        let authenticity = Authenticity::Results(auth_results::CLOUDFLARE);
        parse_message(raw, &Reading { envelope, reply_key: Some("key"), own_addresses: &[], authenticity })
            .unwrap()
    }

    #[test]
    fn the_whole_mail_does_not_change_between_releases() {
        let raw = String::from_utf8(
            render_mail(&SENDER, &outgoing("A tune-up is $95.\nSee you Thursday?")).unwrap(),
        );
        let golden = include_str!("../../../fixtures/email/mail/rendered.eml").replace('\n', "\r\n");
        assert_eq!(raw.unwrap(), golden);
    }

    #[test]
    fn a_reply_prefix_stands_once_and_only_in_a_thread() {
        let subject = |subject: Option<&str>, references: &[&str]| {
            let references = references.iter().map(|id| (*id).to_owned()).collect();
            let message = Outgoing { subject: subject.map(str::to_owned), references, ..outgoing("x") };
            read(&render_mail(&SENDER, &message).unwrap()).subject.unwrap()
        };
        assert_eq!(subject(Some("Hello"), &["a@b"]), "Re: Hello");
        assert_eq!(subject(Some("RE: AW: Re[2]: Hello: you"), &["a@b"]), "Re: Hello: you");
        assert_eq!(subject(Some("Hello"), &[]), "Hello");
        assert_eq!(subject(None, &[]), "Larkspur Cycles");
        assert_eq!(subject(Some("x\r\nBcc: y@z"), &[]), "x Bcc: y@z", "no header can be added");
    }

    #[test]
    fn the_root_and_the_newest_ten_references_are_kept() {
        let ids: Vec<String> = (0..40).map(|n| format!("{n}@x")).collect();
        let kept = references(&ids);
        assert_eq!(
            (kept.len(), kept[0].as_str(), kept[1].as_str(), kept[10].as_str()),
            (11, "0@x", "30@x", "39@x")
        );
        assert_eq!(references(&["a@x".into(), "b@x>\r\nBcc: <c".into(), String::new()]), ["a@x"]);
        assert_eq!(references(&ids[..10]), ids[..10]);
    }

    #[test]
    fn a_machine_says_so_and_a_person_does_not() {
        let header = |message: &Outgoing, name: &str| {
            let raw = render_mail(&SENDER, message).unwrap();
            mime::field(&mime::parse_mail(&raw).headers, name).map(str::to_owned)
        };
        let answer = outgoing("x");
        assert_eq!(header(&answer, "auto-submitted").as_deref(), Some("auto-replied"));
        let first = Outgoing { references: Vec::new(), quoted: None, ..answer.clone() };
        assert_eq!(header(&first, "auto-submitted").as_deref(), Some("auto-generated"));
        let person = Outgoing { automatic: false, ..answer };
        assert_eq!(header(&person, "auto-submitted"), None);
        assert_eq!(header(&person, LOOP_HEADER).as_deref(), Some("1"));
    }

    #[test]
    fn marketing_says_how_to_leave_it_and_nothing_else_does() {
        let header = |message: &Outgoing, name: &str| {
            let raw = render_mail(&SENDER, message).unwrap();
            mime::field(&mime::parse_mail(&raw).headers, name).map(str::to_owned)
        };
        let marketing = Outgoing { purpose: Purpose::Marketing, ..outgoing("New bikes!") };
        let mailbox = EmailAddress::new(AddressKind::Email, "maria@lopez.example");
        let link = unsubscribe::link("https://chat.example.com", &unsubscribe::seal("key", &SITE, &mailbox));
        let both = header(&marketing, "list-unsubscribe").unwrap();
        let (page, mail) = both.split_once(',').unwrap();
        assert_eq!(page, format!("<{link}>"));
        assert!(
            mail.trim().starts_with("<mailto:hello+r.") && mail.ends_with("?subject=STOP&body=STOP>"),
            "{mail}"
        );
        assert_eq!(
            header(&marketing, "list-unsubscribe-post").as_deref(),
            Some("List-Unsubscribe=One-Click")
        );
        for (lang, words) in [(Lang::En, "Unsubscribe, or choose"), (Lang::Es, "Darse de baja")] {
            let message = Outgoing { lang, ..marketing.clone() };
            let text = read(&render_mail(&SENDER, &message).unwrap()).text;
            assert!(text.contains(words) && text.contains(&link), "{text}");
            assert!(text.ends_with("Larkspur Cycles, 1 Main St, Portland"), "{text}");
        }
        for purpose in Purpose::ALL.into_iter().filter(|purpose| *purpose != Purpose::Marketing) {
            let other = Outgoing { purpose, ..outgoing("x") };
            assert_eq!(header(&other, "list-unsubscribe"), None, "{purpose:?}");
            assert_eq!(header(&other, "list-unsubscribe-post"), None, "{purpose:?}");
        }
        let nowhere = Sender { address: " ", ..*SENDER };
        assert!(matches!(render_mail(&nowhere, &marketing), Err(RenderError::Unfit(_))));
        assert!(render_mail(&nowhere, &outgoing("x")).is_ok());
    }

    #[test]
    fn what_is_no_mail_is_not_rendered() {
        let unfit = |message: Outgoing| matches!(render_mail(&SENDER, &message), Err(RenderError::Unfit(_)));
        assert!(unfit(outgoing(" \n")));
        assert!(unfit(outgoing(&"x".repeat(MAX_TEXT_CHARS + 1))));
        for to in ["", "maria", "a@b>\r\nBcc: <c@d", "a b@c"] {
            assert!(unfit(Outgoing { to: to.into(), ..outgoing("x") }), "{to:?}");
        }
    }

    proptest! {
        #[test]
        fn a_rendered_mail_reads_back_with_its_text_subject_and_thread(
            lines in prop::collection::vec("[a-zäöß日 🚲]{0,30}[a-z](, [a-zé=]{1,90}\\.)?", 1..6),
            subject in "[A-Za-z0-9äé日 ,.!-]{0,120}[a-z]", ids in prop::collection::vec("[a-z0-9.+]{1,60}@[a-z]{1,20}", 0..15),
            quoted in proptest::option::of("[ -~\n]{1,200}"),
        ) {
            let text = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
            let quoted = quoted.map(|text| Quoted { text, ..outgoing("").quoted.unwrap() });
            let message = Outgoing { subject: Some(subject.clone()), references: ids.clone(), quoted, ..outgoing(&text) };
            let raw = render_mail(&SENDER, &message).unwrap();
            prop_assert_eq!(&raw, &render_mail(&SENDER, &message).unwrap());
            prop_assert!(raw.split(|b| *b == b'\n').all(|line| line.len() <= 999), "RFC 5322 section 2.1.1");
            let read = read(&raw);
            prop_assert_eq!(read.text, text);
            let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
            let expected = if ids.is_empty() { subject } else { format!("Re: {subject}") };
            prop_assert_eq!(read.subject, Some(expected));
            prop_assert_eq!(read.message_id.as_deref(), Some("dlv_1.cnv_1@larkspur.example"));
            let last = ids.last().map(|id| ThreadRef::MessageId(id.clone()));
            prop_assert_eq!(read.thread.first(), last.as_ref());
            prop_assert!(read.automatic);
        }

        #[test]
        fn anything_renders_without_a_panic_and_adds_no_header(text in ".{1,80}", subject in ".{0,80}", intro in ".{0,40}", id in ".{0,20}") {
            let quoted = Some(Quoted { intro, text: text.clone() });
            let message = Outgoing { subject: Some(subject), references: vec![id], quoted, ..outgoing(&text) };
            if let Ok(raw) = render_mail(&SENDER, &message) {
                let headers = mime::parse_mail(&raw).headers;
                prop_assert!((9..=12).contains(&headers.len()), "{:?}", headers);
            }
        }
    }
}
