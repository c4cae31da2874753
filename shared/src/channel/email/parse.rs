//! Raw mail and its envelope to an inbound message.
//!
//! The text is the plain part (else the HTML turned to text) without history and signature, with the names of attached
//! files under it; a mail without text says what its subject says. Total: arbitrary bytes give a message or a
//! [`ParseError`], never a panic, in time linear in their length.

use super::{
    auth_results, html, loop_guard,
    mime::{self, Mail, Part, field, fields},
    reply_address::parse_reply_address,
    response,
    strip::strip_reply,
};
use crate::{
    contact::{Address, AddressKind},
    error::ParseError,
    identity,
    message::{Brought, InboundMessage, ThreadRef},
    signature,
};

/// The largest mail taken, in bytes: what Cloudflare's Email Routing lets through,
/// <https://developers.cloudflare.com/email-routing/limits/>.
pub const MAX_MAIL_BYTES: usize = 25 * 1024 * 1024;
/// The longest text kept of a mail, in characters; D1 holds 2 MB in a row.
pub const MAX_TEXT_CHARS: usize = 100_000;
/// How much of a body is searched for the reply, in bytes.
const MAX_BODY_BYTES: usize = 1024 * 1024;
/// The longest subject and name kept, in characters.
const MAX_LINE_CHARS: usize = 300;
/// Ids a mail may point to, at most; every one is looked up.
const MAX_THREAD_REFS: usize = 32;
/// Attached files that are named, at most.
const MAX_ATTACHMENTS: usize = 20;

/// What the mail server was told: the path the mail took, not what its header says.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// The sender; empty for bounces.
    pub from: &'a str,
    /// The recipient: one of our mailboxes, with or without a plus tag.
    pub to: &'a str,
}

/// What tells that the author is who `From` says.
#[derive(Clone, Copy, Debug)]
pub enum Authenticity<'a> {
    /// The results that the receiving service of this name wrote (see [`auth_results`]).
    Results(&'a str),
    /// Whoever handed the mail in vouches for it: the sandbox.
    Vouched,
}

/// What a reader needs besides the bytes.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The path.
    pub envelope: Envelope<'a>,
    /// The key of reply addresses; without one no token is believed.
    pub reply_key: Option<&'a str>,
    /// Every mailbox of ours.
    pub own_addresses: &'a [String],
    /// Whom to believe.
    pub authenticity: Authenticity<'a>,
}

/// A mail as a message. `too_large` beyond [`MAX_MAIL_BYTES`], `missing_field` where neither `From` nor the envelope
/// names a sender that could be answered.
pub fn parse_message(raw: &[u8], reading: &Reading<'_>) -> Result<InboundMessage, ParseError> {
    check_size(raw)?;
    let mut mail = mime::parse_mail(raw);
    // A calendar's answer is a machine's, and its calendar object is no file that somebody attached.
    let is_reply = response::reply_of(&mail).is_some();
    if is_reply {
        mail.parts.retain(|part| !response::is_calendar(part));
    }
    let (from_name, from) = author(&mail, reading.envelope)?;
    let sender = identity::key(&from);
    let subject = subject(&mail.headers);
    let authenticated = match reading.authenticity {
        Authenticity::Results(service) => auth_results::is_authenticated(&mail.headers, service),
        Authenticity::Vouched => true,
    };
    Ok(InboundMessage {
        from,
        from_name,
        text: text(&mail, subject.as_deref()),
        subject,
        authenticated,
        thread: thread(&mail, reading, &sender),
        message_id: message_id(&mail.headers),
        keyword: None,
        automatic: is_reply
            || loop_guard::is_automatic(&mail.headers, reading.envelope.from, reading.own_addresses),
        files: files(&mail),
    })
}

/// The mail's own name for recognising a second arrival: its `Message-ID`, or the SHA-256 of its bytes where it has none,
/// with the recipient it reached, its author and a digest of its body. Anyone can write another mail's id into theirs, and
/// some programs repeat one: only what is the same mail in all of these may be dropped. Fields that a relay adds or changes
/// on the way do not count.
pub fn external_id(raw: &[u8], envelope: Envelope<'_>) -> Result<String, ParseError> {
    check_size(raw)?;
    let mail = mime::parse_mail(raw);
    let id = message_id(&mail.headers);
    let id = id.unwrap_or_else(|| format!("sha256:{}", signature::hex(&signature::sha256(raw))));
    let from = author(&mail, envelope).map_or_else(|_| String::new(), |(_, from)| identity::key(&from));
    let mut digest = signature::hex(&signature::sha256(body(raw)));
    digest.truncate(16);
    Ok(format!("{id} {} {from} {digest}", envelope.to.trim().to_lowercase()))
}

/// What follows the first empty line.
fn body(raw: &[u8]) -> &[u8] {
    let line = |at: usize| raw[at..].iter().position(|byte| *byte == b'\n').map(|end| at + end + 1);
    let mut at = 0;
    while let Some(next) = line(at) {
        if matches!(&raw[at..next], b"\n" | b"\r\n") {
            return &raw[next..];
        }
        at = next;
    }
    &[]
}

fn check_size(raw: &[u8]) -> Result<(), ParseError> {
    if raw.len() > MAX_MAIL_BYTES {
        return Err(ParseError::new(
            "too_large",
            format!("the mail has {} bytes, {MAX_MAIL_BYTES} at most", raw.len()),
        ));
    }
    Ok(())
}

/// The decoded subject on one line; `None` where there is none or it is blank.
pub(super) fn subject(headers: &[(String, String)]) -> Option<String> {
    let subject = one_line(&mime::unstructured(field(headers, "subject")?));
    (!subject.is_empty()).then_some(subject)
}

/// The mail's own id, without angle brackets.
pub(super) fn message_id(headers: &[(String, String)]) -> Option<String> {
    mime::message_ids(field(headers, "message-id")?).into_iter().next()
}

/// Who wrote: the first address of `From`, else the envelope's sender.
fn author(mail: &Mail<'_>, envelope: Envelope<'_>) -> Result<(Option<String>, Address), ParseError> {
    let named = fields(&mail.headers, "from").flat_map(mime::mailboxes);
    let envelope = envelope.from.trim().trim_matches(['<', '>']).to_owned();
    for (name, address) in named.chain([(None, envelope)]) {
        if let Ok(from) = identity::parse_email(&address) {
            debug_assert_eq!(from.kind, AddressKind::Email);
            let name = name.map(|name| one_line(&name)).filter(|name| !name.is_empty() && *name != address);
            return Ok((name, from));
        }
    }
    Err(ParseError::new("missing_field", "neither `From` nor the envelope names a sender"))
}

/// What the mail answers: reply addresses first, then `In-Reply-To`, then `References` from the newest. A reply address
/// that was signed for the sender speaks for them, so all are passed over where the receiving service says that `From` is
/// forged: an address that leaked must not make a forgery true.
fn thread(mail: &Mail<'_>, reading: &Reading<'_>, sender: &str) -> Vec<ThreadRef> {
    let headers = &mail.headers;
    let named =
        ["to", "cc", "delivered-to", "x-original-to"].into_iter().flat_map(|name| fields(headers, name));
    let recipients = named.flat_map(mime::mailboxes).map(|(_, address)| address);
    let recipients = std::iter::once(reading.envelope.to.to_owned()).chain(recipients.take(200));
    let forged = match reading.authenticity {
        Authenticity::Results(service) => auth_results::is_refuted(headers, service),
        Authenticity::Vouched => false,
    };
    let key = reading.reply_key.filter(|_| !forged);
    let tokens = recipients.filter_map(|to| parse_reply_address(key?, &to, sender));
    let ids = |name| fields(headers, name).flat_map(mime::message_ids);
    let mut references: Vec<String> = ids("references").collect();
    references.reverse();
    let ids = ids("in-reply-to").chain(references).map(ThreadRef::MessageId);
    let mut thread = Vec::new();
    for reference in tokens.chain(ids.take(200)) {
        if thread.len() < MAX_THREAD_REFS && !thread.contains(&reference) {
            thread.push(reference);
        }
    }
    thread
}

/// What was written, with attached files by name; `subject` where nothing was.
pub(super) fn text(mail: &Mail<'_>, subject: Option<&str>) -> String {
    let (readable, files): (Vec<&Part<'_>>, Vec<&Part<'_>>) =
        mail.parts.iter().partition(|part| is_readable(part));
    let readable: Vec<(&Part<'_>, String)> = readable.into_iter().map(|part| (part, part.text())).collect();
    let mut body = String::new();
    for (part, text) in &readable {
        if text.trim().is_empty() || !is_chosen(part, &readable) {
            continue;
        }
        if !body.is_empty() {
            body.push_str("\n\n");
        }
        body.push_str(&if part.kind == "text/html" { html::text_of_html(text) } else { text.clone() });
    }
    let end = (0..=body.len().min(MAX_BODY_BYTES)).rev().find(|end| body.is_char_boundary(*end)).unwrap_or(0);
    let reply: String =
        strip_reply(&body[..end]).chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let mut text = clipped(reply.trim(), MAX_TEXT_CHARS);
    if text.is_empty() {
        subject.unwrap_or_default().clone_into(&mut text);
    }
    for file in files.into_iter().filter(|part| !part.related).take(MAX_ATTACHMENTS) {
        text.push_str(if text.is_empty() { "[attachment: " } else { "\n[attachment: " });
        text.push_str(&attachment_name(file));
        text.push(']');
    }
    text
}

/// The attached files, as the text names them.
fn files(mail: &Mail<'_>) -> Vec<Brought> {
    let attached = mail.parts.iter().filter(|part| !is_readable(part) && !part.related).take(MAX_ATTACHMENTS);
    attached.map(|part| Brought::Whole(attachment_name(part), part.bytes().into_owned())).collect()
}

fn is_readable(part: &Part<'_>) -> bool {
    matches!(part.kind.as_str(), "text/plain" | "text/html")
        && !part.is_attachment()
        && part.file_name().is_none()
}

/// Whether a readable part is read: in an alternative the plain one, unless it is blank.
fn is_chosen(part: &Part<'_>, readable: &[(&Part<'_>, String)]) -> bool {
    let plain = |other: &Part<'_>| other.alternative == part.alternative && other.kind == "text/plain";
    let has_plain = || readable.iter().any(|(other, text)| plain(other) && !text.trim().is_empty());
    part.alternative.is_none() || part.kind == "text/plain" || !has_plain()
}

fn attachment_name(part: &Part<'_>) -> String {
    let name = part.file_name().unwrap_or_else(|| part.kind.clone());
    let name: String = one_line(&name).chars().filter(|c| !matches!(c, '[' | ']')).collect();
    clipped(&name, 100)
}

/// One line without control characters, at most [`MAX_LINE_CHARS`].
fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clipped(spaced.trim(), MAX_LINE_CHARS)
}

fn clipped(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{channel::email::reply_address::render_reply_address, id::ConversationId};

    const TO: &str = "hello@larkspur.example";

    fn read(raw: &[u8], from: &str, to: &str) -> Result<InboundMessage, ParseError> {
        let envelope = Envelope { from, to };
        let authenticity = Authenticity::Results(auth_results::CLOUDFLARE);
        let own = [TO.to_owned()];
        parse_message(raw, &Reading { envelope, reply_key: Some("key"), own_addresses: &own, authenticity })
    }

    fn gmail() -> InboundMessage {
        read(include_bytes!("../../../fixtures/email/mail/gmail.eml"), "maria@lopez.example", TO).unwrap()
    }

    #[test]
    fn a_gmail_reply_becomes_a_message() {
        let message = gmail();
        assert_eq!(message.text, "Thursday at ten works für mich.\n[attachment: bike.jpg]");
        assert_eq!(message.from, Address::new(AddressKind::Email, "Maria@lopez.example"));
        assert_eq!(message.from_name.as_deref(), Some("María López"));
        assert_eq!(message.subject.as_deref(), Some("Re: Your tune-up – Thursday?"));
        assert_eq!(message.message_id.as_deref(), Some("CAD+1@mail.lopez.example"));
        assert!(message.authenticated && !message.automatic);
    }

    #[test]
    fn the_thread_goes_from_the_reply_address_over_the_parent_to_the_root() {
        let conversation = ConversationId::parse("cnv_1").unwrap();
        let to = render_reply_address("key", &conversation, TO, "A@b.example");
        let raw =
            format!("From: a@b.example\nTo: {to}\nIn-Reply-To: <3@x>\nReferences: <1@x>\n <2@x> <3@x>\n\nhi");
        let id = |text: &str| ThreadRef::MessageId(text.to_owned());
        let expected = vec![ThreadRef::Token(conversation), id("3@x"), id("2@x"), id("1@x")];
        assert_eq!(read(raw.as_bytes(), "a@b.example", TO).unwrap().thread, expected);
        let bare = raw.replace(&format!("To: {to}\n"), "");
        assert_eq!(read(bare.as_bytes(), "a@b.example", &to).unwrap().thread, expected, "the envelope's tag");
    }

    #[test]
    fn html_alone_is_turned_to_text_without_its_history() {
        let raw = "From: a@b.example\nContent-Type: text/html\n\n<p>Ten is fine</p><div>On 24/11/2026 09:12, L wrote:\
            <blockquote>old</blockquote></div><script>x</script>";
        assert_eq!(read(raw.as_bytes(), "a@b.example", TO).unwrap().text, "Ten is fine");
    }

    #[test]
    fn a_blank_plain_part_gives_way_to_the_html() {
        let raw = "From: a@b.example\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\n \n--x\n\
            Content-Type: text/html\n\n<b>hello</b>\n--x--";
        assert_eq!(read(raw.as_bytes(), "a@b.example", TO).unwrap().text, "hello");
    }

    #[test]
    fn a_mail_without_text_says_its_subject() {
        let message = read(b"From: a@b.example\nSubject: Call me back\n\n", "a@b.example", TO).unwrap();
        assert_eq!(message.text, "Call me back");
    }

    #[test]
    fn the_external_id_is_the_message_id_or_the_hash_with_the_recipient() {
        let named =
            |raw: &str, to| external_id(raw.as_bytes(), Envelope { from: "a@b.example", to }).unwrap();
        let id = named("Message-ID: <1@x>\n\n", "Hello@L.example");
        assert_eq!(id, "1@x hello@l.example a@b.example e3b0c44298fc1c14");
        let (a, b) = (named("From: a\n\n1", TO), named("From: a\n\n2", TO));
        assert!(a.starts_with("sha256:") && a != b, "{a}");
        assert_eq!(a, named("From: a\n\n1", TO));
    }

    #[test]
    fn only_the_same_mail_of_the_same_author_is_a_second_arrival() {
        let named =
            |raw: &str| external_id(raw.as_bytes(), Envelope { from: "x@relay.example", to: TO }).unwrap();
        let first = named("Message-ID: <1@x>\r\nFrom: Maria <a@b.example>\r\n\r\nhi\r\n");
        let again =
            "Received: by relay\r\nMessage-ID: <1@x>\r\nFrom: A@b.example\r\nX-Spam: no\r\n\r\nhi\r\n";
        assert_eq!(named(again), first, "relays add fields");
        assert_ne!(named(&again.replace("A@b", "c@b")), first, "another author");
        assert_ne!(named(&again.replace("hi", "ho")), first, "other words");
    }

    #[test]
    fn a_mail_without_a_sender_or_over_the_limit_is_refused() {
        assert_eq!(read(b"Subject: x\n\nhi", "", TO).unwrap_err().code, "missing_field");
        assert_eq!(read(b"\n\nhi", "a@b.example", TO).unwrap().from.text, "a@b.example");
        let large = vec![b'a'; MAX_MAIL_BYTES + 1];
        assert_eq!(read(&large, "a@b.example", TO).unwrap_err().code, "too_large");
        assert_eq!(external_id(&large, Envelope { from: "", to: TO }).unwrap_err().code, "too_large");
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_message_or_an_error(raw in prop::collection::vec(any::<u8>(), 0..500), from in ".{0,30}") {
            let _ = read(&raw, &from, "x");
        }

        #[test]
        fn a_real_mail_with_a_changed_byte_is_still_read(at in any::<prop::sample::Index>(), byte: u8) {
            let mut raw = include_bytes!("../../../fixtures/email/mail/gmail.eml").to_vec();
            let index = at.index(raw.len());
            raw[index] = byte;
            prop_assert!(read(&raw, "maria@lopez.example", TO).is_ok());
        }
    }
}
