//! The other side: what a person's mail program does with our mail. The sandbox mailbox is made of it.
//!
//! [`read_mail`] shows a mail, [`write_mail`] writes one or answers one as mail programs do: to its `Reply-To`, with
//! `In-Reply-To` and `References` (RFC 5322 section 3.6.4), one `Re: `, and the answered words quoted below.

use mail_builder::{
    MessageBuilder,
    headers::{address::Address, date::Date, message_id::MessageId, text::Text},
};

use super::{
    mime::{self, field},
    parse, render,
};
use crate::{
    message::Quoted,
    time::{SECOND_MS, Timestamp},
};

/// A mail as a reader shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadMail {
    /// Its subject.
    pub subject: Option<String>,
    /// Its text without history, attachments by name.
    pub text: String,
    /// Its id, without angle brackets.
    pub message_id: Option<String>,
}

/// What a person writes.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// Their mailbox.
    pub from: &'a str,
    /// Whom they write to; for an answer its `Reply-To` goes first.
    pub to: &'a str,
    /// The subject; an answer without one takes the answered mail's.
    pub subject: Option<&'a str>,
    /// Their words.
    pub text: &'a str,
    /// What makes the mail's id, with the domain of `from`: letters, digits and underscores.
    pub message_id: &'a str,
    /// When they write.
    pub at: Timestamp,
    /// The raw mail they answer.
    pub answered: Option<&'a str>,
}

/// What a person wrote, as mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenMail {
    /// The raw mail.
    pub raw: String,
    /// The envelope's recipient.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its id, without angle brackets.
    pub message_id: String,
}

/// Reads a mail; `None` where it has neither fields nor text.
pub fn read_mail(raw: &[u8]) -> Option<ReadMail> {
    let mail = mime::parse_mail(raw);
    let subject = parse::subject(&mail.headers);
    let text = parse::text(&mail, None);
    let message_id = parse::message_id(&mail.headers);
    (!mail.headers.is_empty() || !text.is_empty()).then_some(ReadMail { subject, text, message_id })
}

/// Writes a mail. The addresses are put in as they are given, without what would end their line.
pub fn write_mail(written: &Written<'_>) -> WrittenMail {
    let answered = written.answered.map(|raw| mime::parse_mail(raw.as_bytes()));
    let headers = answered.as_ref().map(|mail| mail.headers.as_slice()).unwrap_or_default();
    let reply_to = ["reply-to", "from"].iter().find_map(|name| mime::mailboxes(field(headers, name)?).pop());
    let to = reply_to.map_or_else(|| written.to.to_owned(), |(_, address)| address);
    let ids = |name: &str| field(headers, name).map(mime::message_ids).unwrap_or_default();
    let references: Vec<String> = ids("references").into_iter().chain(ids("message-id")).collect();
    let given = written.subject.map(str::to_owned).filter(|subject| !subject.trim().is_empty());
    let subject = render::one_line(&given.or_else(|| parse::subject(headers)).unwrap_or_default());
    let subject = render::reply_subject(&subject, written.answered.is_some());
    let quoted = answered.as_ref().map(|mail| Quoted {
        intro: format!("On {}, {} wrote:", field(headers, "date").unwrap_or_default(), mailbox_of(headers)),
        text: parse::text(mail, None),
    });
    let domain = written.from.rsplit_once('@').map_or("sandbox.example", |(_, domain)| domain);
    let message_id =
        render::one_line(&format!("{}@{domain}", written.message_id)).replace(['<', '>', ' '], "");
    let address =
        |text: &str| Address::new_address(None::<&str>, render::one_line(text).replace(['<', '>'], ""));
    let mut mail = MessageBuilder::new()
        .header("From", address(written.from))
        .header("To", address(&to))
        .header("Subject", Text::new(subject.clone()))
        .header("Message-ID", MessageId::new(message_id.clone()))
        .header("Date", Date::new(written.at.ms().max(0) / SECOND_MS));
    if let Some(parent) = references.last() {
        mail = mail
            .header("In-Reply-To", MessageId::new(parent.clone()))
            .header("References", MessageId::new_list(references.iter().cloned()));
    }
    let mail = mail.text_body(render::plain(written.text, quoted.as_ref()));
    // Writing to memory cannot fail; an empty mail would say so plainly.
    let raw = mail.write_to_string().unwrap_or_default();
    WrittenMail { raw, to, subject, message_id }
}

fn mailbox_of(headers: &[(String, String)]) -> String {
    let (name, address) =
        field(headers, "from").and_then(|from| mime::mailboxes(from).pop()).unwrap_or_default();
    format!("{} <{address}>", name.unwrap_or_default()).trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SENT: &str = include_str!("../../../fixtures/email/mail/rendered.eml");

    fn answer(text: &str) -> WrittenMail {
        write_mail(&Written {
            from: "maria@lopez.example",
            to: "hello@larkspur.example",
            subject: None,
            text,
            message_id: "evt_9",
            at: Timestamp::from_ms(1_795_511_999_000),
            answered: Some(SENT),
        })
    }

    #[test]
    fn our_mail_reads_as_it_was_written() {
        let read = read_mail(SENT.as_bytes()).unwrap();
        assert_eq!(read.text, "A tune-up is $95.\nSee you Thursday?");
        assert_eq!(read.subject.as_deref(), Some("Re: Your tune-up"));
        assert_eq!(read.message_id.as_deref(), Some("dlv_1.cnv_1@larkspur.example"));
        assert_eq!(read_mail(b""), None);
    }

    #[test]
    fn an_answer_goes_to_the_signed_address_with_its_thread_and_the_quote_below() {
        let mail = answer("Thursday is fine.");
        assert!(mail.to.starts_with("hello+r.1"), "{}", mail.to);
        assert_eq!(
            (mail.subject.as_str(), mail.message_id.as_str()),
            ("Re: Your tune-up", "evt_9@lopez.example")
        );
        let headers = mime::parse_mail(mail.raw.as_bytes()).headers;
        assert_eq!(field(&headers, "in-reply-to"), Some("<dlv_1.cnv_1@larkspur.example>"));
        assert_eq!(field(&headers, "references"), Some("<root@x> <last@x> <dlv_1.cnv_1@larkspur.example>"));
        assert!(mail.raw.contains("\r\n> A tune-up is $95.\r\n"), "{}", mail.raw);
        assert_eq!(read_mail(mail.raw.as_bytes()).unwrap().text, "Thursday is fine.");
    }

    proptest! {
        #[test]
        fn anything_is_written_and_read_without_a_panic(from in ".{0,30}", text in ".{0,60}", answered in ".{0,60}") {
            let written = Written { from: &from, answered: Some(&answered), ..Written {
                from: "", to: "x@y.example", subject: Some(&text), text: &text, message_id: "m",
                at: Timestamp::from_ms(-1), answered: None,
            } };
            let _ = read_mail(write_mail(&written).raw.as_bytes());
        }
    }
}
