//! Forms of a customer's own pages: a body of fields becomes what somebody wants, who they are, and what they agreed to.
//!
//! A form is posted as browsers post forms (`application/x-www-form-urlencoded`). Its own fields are known by the names
//! people give them; what Throughline's script adds begins with `tl_`:
//!
//! | field | what |
//! |---|---|
//! | `tl_id` | the id of this filling-in, an event id: the same again changes nothing |
//! | `tl_token` | the visitor's token, where they have one |
//! | `tl_page` | the page's address |
//! | `tl_form` | what the page calls the form: the value of its `data-throughline` |
//! | `tl_ms` | milliseconds from the page's beginning to sending |
//! | `tl_website` | a field nobody sees: who fills it is a program |
//! | `tl_label.NAME` | the words beside the checkbox `NAME`, as they were read |
//!
//! A checkbox is a consent if its name is `sms_consent`, `email_consent`, `sms_marketing` or `email_marketing`, for one topic
//! alone if that follows after a dot (`email_marketing.races`), and only together with its words: a consent nobody can show the wording of is none (GDPR Art. 7(1)).

use crate::{channel::Channel, consent::Presser, error::ParseError, id::EventId, text};

/// The most fields of a form.
const MAX_FIELDS: usize = 60;
/// The longest value of a field beside the message, in characters.
const MAX_VALUE_CHARS: usize = 500;
/// The longest name of a form, in characters.
const MAX_CALLED_CHARS: usize = 80;
/// The longest wording of a consent, in characters.
const MAX_WORDS_CHARS: usize = 2_000;
/// The longest topic of a consent, in characters.
const MAX_TOPIC_CHARS: usize = 40;
/// Whoever fills in a form faster is a program, in milliseconds.
const TOO_FAST_MS: u64 = 1_500;

const NAMES: [&str; 6] = ["name", "full_name", "fullname", "your_name", "nombre", "first_name"];
const LAST_NAMES: [&str; 4] = ["last_name", "surname", "lastname", "apellido"];
const EMAILS: [&str; 6] = ["email", "e_mail", "mail", "email_address", "correo", "your_email"];
const PHONES: [&str; 7] = ["phone", "tel", "telephone", "mobile", "phone_number", "telefono", "cell"];
const MESSAGES: [&str; 8] =
    ["message", "comment", "comments", "question", "enquiry", "inquiry", "mensaje", "your_message"];

/// A form as it was posted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posted {
    /// The id of this filling-in, where the page gave one.
    pub id: Option<EventId>,
    /// The visitor's token, as the page keeps it.
    pub token: Option<String>,
    /// It looks as if a program had filled it in.
    pub is_trapped: bool,
    /// Who sent it; the body does not tell.
    pub by: Presser,
    /// What it says.
    pub form: Form,
}

/// What a form says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Who they say they are.
    pub name: Option<String>,
    /// The mailbox, as typed.
    pub email: Option<String>,
    /// The phone number, as typed.
    pub phone: Option<String>,
    /// What they want, in their own words.
    pub message: Option<String>,
    /// Everything else, in the form's order: the field's name and its value.
    pub rest: Vec<(String, String)>,
    /// What they agreed to.
    pub agreed: Vec<Agreed>,
    /// The page.
    pub page: String,
    /// What the page calls it; empty where it has no name.
    pub called: String,
}

impl Form {
    /// Whether the box for news and offers by email is ticked.
    pub fn wants_news(&self) -> bool {
        self.agreed.iter().any(|agreed| agreed.channel == Channel::Email && agreed.marketing)
    }
}

/// A consent given by a checkbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// For which channel.
    pub channel: Channel,
    /// For marketing as well; else for everything short of it.
    pub marketing: bool,
    /// On which topic only; on all where there is none.
    pub topic: Option<String>,
    /// The box's name.
    pub field: String,
    /// The words beside the box, exactly.
    pub words: String,
}

/// Reads a posted form. Fails with `malformed_form` where it is none, has too many fields, or says nothing at all.
pub fn read(body: &[u8]) -> Result<Posted, ParseError> {
    let malformed = |text: &str| ParseError::new("malformed_form", text);
    if core::str::from_utf8(body).is_err() {
        return Err(malformed("The body is not text."));
    }
    let fields: Vec<(String, String)> = form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n").trim().to_owned()))
        .collect();
    if fields.len() > MAX_FIELDS {
        return Err(malformed("The form has more than 60 fields."));
    }
    let own = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let ms: Option<u64> = own("tl_ms").and_then(|ms| ms.parse().ok());
    let mut posted = Posted {
        id: own("tl_id").and_then(|id| EventId::parse(id).ok()),
        token: own("tl_token").filter(|token| !token.is_empty()).map(str::to_owned),
        is_trapped: own("tl_website").is_some_and(|value| !value.is_empty())
            || ms.is_some_and(|ms| ms < TOO_FAST_MS),
        by: Presser::default(),
        form: Form::default(),
    };
    let form = &mut posted.form;
    text::truncate(own("tl_page").unwrap_or_default(), MAX_VALUE_CHARS).clone_into(&mut form.page);
    text::truncate(own("tl_form").unwrap_or_default(), MAX_CALLED_CHARS).clone_into(&mut form.called);
    let mut last_name = None;
    for (name, value) in fields.iter().filter(|(name, value)| !name.starts_with("tl_") && !value.is_empty()) {
        let key = text::fold(name).replace(['-', ' '], "_");
        let (what, topic) =
            name.split_once('.').map_or((name.as_str(), None), |(what, topic)| (what, Some(topic)));
        if let Some((channel, marketing)) = consent(&text::fold(what).replace(['-', ' '], "_")) {
            let topic = topic.map(|topic| text::truncate(topic, MAX_TOPIC_CHARS).to_owned());
            let field = text::truncate(name, 80).to_owned();
            let words = own(&format!("tl_label.{name}")).unwrap_or_default();
            if !words.is_empty() && words.chars().count() <= MAX_WORDS_CHARS {
                form.agreed.push(Agreed { channel, marketing, topic, field, words: words.to_owned() });
            }
            continue;
        }
        let short = || text::shorten(&text::one_line(value), MAX_VALUE_CHARS);
        let is = |names: &[&str]| names.contains(&key.as_str());
        if is(&NAMES) && form.name.is_none() {
            form.name = Some(short());
        } else if is(&LAST_NAMES) && last_name.is_none() {
            last_name = Some(short());
        } else if is(&EMAILS) && form.email.is_none() {
            form.email = Some(short());
        } else if is(&PHONES) && form.phone.is_none() {
            form.phone = Some(short());
        } else if is(&MESSAGES) && form.message.is_none() {
            form.message = Some(value.clone());
        } else {
            form.rest.push((text::truncate(name, 80).to_owned(), short()));
        }
    }
    if let Some(last) = last_name {
        form.name = Some(form.name.take().map_or(last.clone(), |first| format!("{first} {last}")));
    }
    let Form { name, email, phone, message, rest, .. } = form;
    if name.is_none() && email.is_none() && phone.is_none() && message.is_none() && rest.is_empty() {
        return Err(malformed("The form has no field with a value."));
    }
    Ok(posted)
}

/// The consent that a checkbox of a name gives: its channel, and whether it is for marketing.
fn consent(key: &str) -> Option<(Channel, bool)> {
    Some(match key {
        "sms_consent" => (Channel::Sms, false),
        "email_consent" => (Channel::Email, false),
        "sms_marketing" => (Channel::Sms, true),
        "email_marketing" => (Channel::Email, true),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_known_by_the_names_people_give_them() {
        let body = b"First-Name=Maria&last_name=Lopez&E-Mail=maria%40mail.example&Tel=415+555+2671&Comments=How+much+is+a+tune-up%3F\
            &bike=Gravel&tl_page=https%3A%2F%2Fshop.example%2Fcontact&tl_ms=9000&tl_website=&tl_id=evt_1&tl_token=abc&tl_form=quote";
        let posted = read(body).unwrap();
        assert_eq!(posted.id, EventId::parse("evt_1").ok());
        assert_eq!((posted.token.as_deref(), posted.is_trapped), (Some("abc"), false));
        let form = posted.form;
        assert_eq!(form.name.as_deref(), Some("Maria Lopez"));
        assert_eq!(form.email.as_deref(), Some("maria@mail.example"));
        assert_eq!(form.phone.as_deref(), Some("415 555 2671"));
        assert_eq!(form.message.as_deref(), Some("How much is a tune-up?"));
        assert_eq!(form.rest, [("bike".to_owned(), "Gravel".to_owned())]);
        assert_eq!((form.page.as_str(), form.called.as_str()), ("https://shop.example/contact", "quote"));
    }

    #[test]
    fn a_consent_is_one_with_its_words_only() {
        let body = b"email=a%40b.example&sms_consent=yes&email_marketing=on&tl_label.email_marketing=News+from+Larkspur";
        let agreed = read(body).unwrap().form.agreed;
        let words = "News from Larkspur".to_owned();
        let field = "email_marketing".to_owned();
        assert_eq!(agreed, [Agreed { channel: Channel::Email, marketing: true, topic: None, field, words }]);
        let body = b"email=a%40b.example&SMS-marketing.races=on&tl_label.SMS-marketing.races=News+of+races";
        let [races] = read(body).unwrap().form.agreed.try_into().unwrap();
        assert_eq!(
            (races.channel, races.marketing, races.topic.as_deref()),
            (Channel::Sms, true, Some("races"))
        );
        assert_eq!(races.field, "SMS-marketing.races");
    }

    #[test]
    fn a_program_shows_itself() {
        assert!(read(b"name=x&tl_website=spam").unwrap().is_trapped);
        assert!(read(b"name=x&tl_ms=200").unwrap().is_trapped);
        assert!(!read(b"name=x").unwrap().is_trapped, "a browser without scripts");
    }

    #[test]
    fn what_is_no_form_is_refused() {
        let many = vec!["a=b"; 61].join("&");
        for body in [&b""[..], b"tl_page=x", b"name=", b"\xff\xfe", many.as_bytes()] {
            assert_eq!(read(body).unwrap_err().code, "malformed_form");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&body);
        }
    }
}
