//! What a step says: words with variables, in one language or several, or the product's own about an appointment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    appointment::Appointment,
    calendar,
    channel::Channel,
    decide::Told,
    phrases::{Lang, appointments as phrases},
    site::Site,
};

/// What a step says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Words {
    /// The product's own, in the contact's language.
    Own(Own),
    /// The owner's.
    Written {
        /// For a text message or a chat.
        text: Text,
        /// For an email; the same where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mail: Option<Text>,
        /// An email's subject.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<Text>,
    },
}

/// Words the product has itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Own {
    /// That an appointment is booked, or is at another time now.
    Confirmed,
    /// That it is soon.
    Reminder,
}

impl Own {
    /// The words of a name: `appointment confirmed`, `appointment reminder`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "appointment confirmed" => Some(Self::Confirmed),
            "appointment reminder" => Some(Self::Reminder),
            _ => None,
        }
    }
}

/// The same words by language tag; the one of the empty tag is for every language that is missing.
pub type Text = BTreeMap<String, String>;

/// What the variables stand for.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) site: &'a Site,
    pub(crate) lang: Lang,
    /// The contact's name, as far as the line may know it.
    pub(crate) name: Option<&'a str>,
    /// The appointment, and the zone it takes place in.
    pub(crate) appointment: Option<(&'a Appointment, &'a str)>,
}

/// Every variable, and whether it is an appointment's.
pub const VARIABLES: [(&str, bool); 7] = [
    ("name", false),
    ("site", false),
    ("phone", false),
    ("address", false),
    ("booking_url", false),
    ("service", true),
    ("when", true),
];

impl Words {
    /// The words for a channel, with an email's subject.
    pub(crate) fn of(&self, channel: Channel, about: &About<'_>) -> (String, Option<String>) {
        match self {
            Self::Own(own) => {
                let (service, when) = (about.value("service"), about.value("when"));
                let told = Told { site: &about.site.name, service: &service, when: &when };
                let is_moved = about.appointment.is_some_and(|(appointment, _)| appointment.sequence > 0);
                let (text, subject) = match own {
                    Own::Confirmed => (
                        phrases::confirmed(about.lang, &told, is_moved),
                        phrases::confirmed_subject(about.lang, &told),
                    ),
                    Own::Reminder => {
                        (phrases::reminded(about.lang, &told), phrases::reminded_subject(about.lang, &told))
                    }
                };
                (text, (channel == Channel::Email).then_some(subject))
            }
            Self::Written { text, mail, subject } if channel == Channel::Email => {
                let subject = subject.as_ref().map(|subject| about.fill(subject));
                (about.fill(mail.as_ref().unwrap_or(text)), subject)
            }
            Self::Written { text, .. } => (about.fill(text), None),
        }
    }
}

impl About<'_> {
    /// The words in the contact's language, else the site's, with every variable in its place.
    fn fill(&self, text: &Text) -> String {
        let of = |lang: Lang| text.get(lang.tag());
        let words = of(self.lang).or_else(|| text.get("")).or_else(|| of(Lang::of(&self.site.locale)));
        let words = words.or_else(|| text.values().next()).map_or("", String::as_str);
        let mut out = String::with_capacity(words.len());
        let mut rest = words;
        while let Some((before, after)) = rest.split_once('{') {
            let (variable, left) = after.split_once('}').unwrap_or((after, ""));
            let (name, fallback) = variable.split_once('|').unwrap_or((variable, ""));
            let value = self.value(name);
            out.push_str(before);
            out.push_str(if value.is_empty() { fallback } else { &value });
            rest = left;
        }
        out.push_str(rest);
        out.trim().to_owned()
    }

    fn value(&self, variable: &str) -> String {
        let Self { site, lang, name, appointment } = self;
        match variable {
            // One is called by the first name, as in every salutation.
            "name" => name.and_then(|name| name.split_whitespace().next()).unwrap_or_default().to_owned(),
            "site" => site.name.clone(),
            "phone" => site.phone.clone(),
            "address" => site.address.clone(),
            "booking_url" => site.booking_url.clone().unwrap_or_default(),
            "service" => appointment.map_or_else(String::new, |(appointment, _)| {
                let booking = site.booking.as_ref();
                let service = booking.and_then(|booking| booking.service(&appointment.service));
                service.map_or_else(String::new, |service| service.name.clone())
            }),
            "when" => appointment.map_or_else(String::new, |(appointment, zone)| {
                calendar::local_date_time(appointment.time.start, zone, *lang)
            }),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_the_contacts_language_with_every_variable_in_its_place() {
        let site: Site =
            serde_json::from_str(include_str!("../../../examples/site/throughline.json")).unwrap();
        let text = |pairs: &[(&str, &str)]| -> Text {
            pairs.iter().map(|(tag, words)| ((*tag).to_owned(), (*words).to_owned())).collect()
        };
        let words = Words::Written {
            text: text(&[("en", "Hi {name|there}, {site}."), ("es", "Hola {name|buenas}, {site}.")]),
            mail: Some(text(&[("", "Call {phone}, {name|you}{name|}!")])),
            subject: Some(text(&[("en", "{site}")])),
        };
        let about = |lang, name| About { site: &site, lang, name, appointment: None };
        let of = |channel, lang, name| words.of(channel, &about(lang, name));
        assert_eq!(of(Channel::Sms, Lang::En, None).0, "Hi there, Larkspur Bike Workshop.");
        assert_eq!(
            of(Channel::Sms, Lang::Es, Some("Ana")),
            ("Hola Ana, Larkspur Bike Workshop.".into(), None)
        );
        let subject = Some("Larkspur Bike Workshop".to_owned());
        assert_eq!(of(Channel::Email, Lang::Es, None), ("Call +15005550006, you!".into(), subject));
        // What a contact is called is said as it is, whatever it looks like.
        assert_eq!(of(Channel::Sms, Lang::En, Some("{site}")).0, "Hi {site}, Larkspur Bike Workshop.");
    }
}
