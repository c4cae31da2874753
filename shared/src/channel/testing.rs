//! A site with one line, for the tests of the codecs.

use serde_json::json;

use crate::{
    channel::{
        Channel,
        provider::{Secrets, Setup},
    },
    delivery::Purpose,
    id::{ConversationId, DeliveryId, EventId},
    message::Outgoing,
    phrases::Lang,
    site::{Endpoint, Site},
    time::Timestamp,
};

/// When everything happens.
pub(crate) const NOW: Timestamp = Timestamp::from_ms(1_795_399_800_000);

/// A secret of each name that has one.
pub(crate) struct Fixed(pub(crate) &'static [(&'static str, &'static str)]);

impl Secrets for Fixed {
    fn secret(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }
}

/// A site in the US whose only line has this provider and these settings.
pub(crate) fn site(provider: &str, settings: &[(&str, &str)]) -> Site {
    let endpoint = Endpoint {
        id: "end_sms".to_owned().try_into().unwrap(),
        channel: Channel::Sms,
        provider: provider.to_owned(),
        address: "+15005550006".to_owned(),
        settings: settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
    };
    serde_json::from_value(json!({
        "id": "ste_larkspur", "name": "Larkspur Cycles", "time_zone": "America/Los_Angeles", "locale": "en",
        "region": "US", "allowed_origins": [], "brand": { "color": "#224466", "greeting": {} },
        "address": "1 Main St", "phone": "+14155550100", "hours": {},
        "assistant": { "provider": "builtin", "name": "Wren" }, "endpoints": [endpoint],
    }))
    .unwrap()
}

/// The setup of the site's only line.
pub(crate) fn setup<'a>(site: &'a Site, secrets: &'a dyn Secrets) -> Setup<'a> {
    Setup { site, endpoint: &site.endpoints[0], secrets, public_url: "https://chat.example.com" }
}

/// A text to somebody.
pub(crate) fn outgoing(text: &str) -> Outgoing {
    Outgoing {
        delivery: DeliveryId::parse("dlv_1").unwrap(),
        conversation: ConversationId::parse("cnv_1").unwrap(),
        event: EventId::parse("evt_1").unwrap(),
        at: NOW,
        channel: Channel::Sms,
        to: "+14155552671".to_owned(),
        purpose: Purpose::Reply,
        lang: Lang::En,
        text: text.to_owned(),
        subject: None,
        references: Vec::new(),
        quoted: None,
        automatic: true,
        to_team: false,
        calendar: None,
        files: Vec::new(),
    }
}
