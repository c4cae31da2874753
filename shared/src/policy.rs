//! A site's sending policy: the thresholds and orders that gates and selector go by. Data with good defaults, never code.
//!
//! Sources of the defaults: 47 CFR 64.1200 (consent, hours), RFC 8058 and the bulk-sender rules (email), and the caps that
//! engagement suites ship with. A verdict names the policy it was reached under by [`Policy::version`].

use std::cell::RefCell;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{channel::Channel, consent::Level, delivery::Purpose, signature};

/// A site's sending policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// The kill switch: while it is on, nothing automated leaves the site.
    pub paused: bool,
    /// How long after a contact did something an answer to it counts as a direct one, in minutes.
    pub answer_within_min: u32,
    /// The channels that keep quiet hours.
    pub quiet_channels: Vec<Channel>,
    /// The local times, `HH:MM`, between which unasked messages may arrive there; stricter states are stricter.
    pub hours: (String, String),
    /// What consent a purpose needs on a channel; what stands nowhere needs none.
    pub needs: Vec<Need>,
    /// What an unasked message costs of a contact's attention.
    pub weights: Vec<Weight>,
    /// How much of it may be spent.
    pub budget: Budget,
    /// How many messages may be sent.
    pub caps: Vec<Cap>,
    /// What a purpose bids for a contact's attention; what bids more goes first.
    pub bids: Vec<Offer>,
    /// How many hours before a higher bid is due a lower one is held back, and for how many after it.
    pub apart_h: u32,
    /// Within how many minutes two of one purpose go together in one message, where they can.
    pub together_within_min: u32,
    /// How long a contact counts as engaged on the channel they last wrote on, in hours…
    pub engaged_for_h: u32,
    /// …unless they were written to there unasked and have not answered for so many hours.
    pub unanswered_for_h: u32,
    /// After how many hours without a word of theirs a member of the team has the floor no longer.
    pub floor_lapses_h: u32,
    /// How long a topic that was said on one channel is not said on another, in hours.
    pub topic_within_h: u32,
    /// Which channel a purpose goes by, the best first.
    pub order: Vec<Order>,
    /// A text message of more parts than this goes another way where one is open: each part is billed.
    pub dear_segments: u32,
    /// Text messages longer than this are not sent unasked.
    pub max_segments: u32,
    /// After how many months of 31 days without a word a person is erased; never where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_months: Option<u32>,
}

/// The consent a purpose needs on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// Where.
    pub channel: Channel,
    /// What for.
    pub purpose: Purpose,
    /// At least this.
    pub level: Level,
}

/// What a message costs, in points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weight {
    /// Where.
    pub channel: Channel,
    /// What for.
    pub purpose: Purpose,
    /// The price.
    pub points: u32,
}

/// The attention of a contact, over all channels together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// How many points may be spent…
    pub points: u32,
    /// …within so many hours, a rolling window.
    pub within_h: u32,
    /// How many of them only transactional messages may spend.
    pub reserve: u32,
}

/// What a purpose bids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What for.
    pub purpose: Purpose,
    /// So many points; a sequence may add up to 9.
    pub points: u32,
}

/// At most so many messages within a rolling window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    /// The purpose it limits.
    pub purpose: Purpose,
    /// The channel; all together where there is none.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// How many messages.
    pub at_most: u32,
    /// Within how many hours.
    pub within_h: u32,
}

/// The channels of a purpose, the best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// What for.
    pub purpose: Purpose,
    /// In this order.
    pub channels: Vec<Channel>,
}

impl Default for Policy {
    fn default() -> Self {
        use Channel::{Email, Sms};
        use Purpose::{Marketing, Move, Reminder, Transactional};
        let need = |channel, purpose, level| Need { channel, purpose, level };
        let weight = |channel, purpose, points| Weight { channel, purpose, points };
        let cap = |channel, at_most, within_h| Cap { purpose: Marketing, channel, at_most, within_h };
        let offer = |purpose, points| Offer { purpose, points };
        let order = |purpose, channels: &[Channel]| Order { purpose, channels: channels.to_vec() };
        Self {
            paused: false,
            answer_within_min: 60,
            quiet_channels: vec![Sms],
            hours: ("08:00".into(), "21:00".into()),
            needs: vec![
                need(Sms, Move, Level::Express),
                need(Sms, Transactional, Level::Express),
                need(Sms, Reminder, Level::Express),
                need(Sms, Marketing, Level::ExpressWritten),
                need(Email, Move, Level::Express),
                need(Email, Transactional, Level::Implied),
                need(Email, Reminder, Level::Implied),
                need(Email, Marketing, Level::Confirmed),
            ],
            weights: vec![
                weight(Sms, Marketing, 10),
                weight(Email, Marketing, 10),
                weight(Sms, Reminder, 5),
                weight(Email, Reminder, 3),
                weight(Sms, Transactional, 3),
                weight(Email, Transactional, 2),
            ],
            budget: Budget { points: 60, within_h: 168, reserve: 20 },
            caps: vec![
                cap(Some(Sms), 1, 24),
                cap(Some(Sms), 4, 720),
                cap(Some(Email), 1, 16),
                cap(None, 3, 168),
            ],
            bids: vec![offer(Transactional, 30), offer(Reminder, 20), offer(Marketing, 10)],
            apart_h: 12,
            together_within_min: 60,
            engaged_for_h: 24 * 90,
            unanswered_for_h: 24,
            floor_lapses_h: 12,
            topic_within_h: 72,
            order: vec![
                order(Transactional, &[Email, Sms]),
                order(Reminder, &[Sms, Email]),
                order(Marketing, &[Email, Sms]),
            ],
            dear_segments: 2,
            max_segments: 4,
            retention_months: None,
        }
    }
}

/// A policy as a verdict keeps it: its name, and the fields that are not as by default, which make it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// [`Policy::version`].
    pub version: String,
    /// The fields that differ from the defaults.
    pub rules: Map<String, Value>,
}

thread_local! {
    static LAST_NAMED: RefCell<Option<(Policy, Named)>> = const { RefCell::new(None) };
}

impl Policy {
    /// Names this policy: 12 hexadecimal digits of the SHA-256 of its JSON, after the version of the gates themselves.
    pub fn version(&self) -> String {
        self.with_name(|named| named.version.clone())
    }

    /// The same with what makes it.
    pub fn named(&self) -> Named {
        self.with_name(Named::clone)
    }

    /// The policy that these fields make of the defaults, where it is the one of that name.
    pub fn of(version: &str, rules: &Map<String, Value>) -> Option<Self> {
        let policy: Self = serde_json::from_value(Value::Object(rules.clone())).ok()?;
        (policy.version() == version).then_some(policy)
    }

    fn with_name<T>(&self, read: impl FnOnce(&Named) -> T) -> T {
        // Every verdict names its policy, and a site's hardly ever changes: the last one's name is remembered.
        LAST_NAMED.with_borrow_mut(|last| {
            if let Some((_, named)) = last.as_ref().filter(|(policy, _)| policy == self) {
                return read(named);
            }
            let json = serde_json::to_string(self).unwrap_or_default();
            let digest = signature::hex(&signature::sha256(json.as_bytes()));
            let version = format!("{}.{}", crate::verdict::POLICY, &digest[..12]);
            let named = Named { version, rules: self.rules() };
            let answer = read(&named);
            *last = Some((self.clone(), named));
            answer
        })
    }

    /// The fields that differ from the defaults.
    fn rules(&self) -> Map<String, Value> {
        let fields = |policy: &Self| match serde_json::to_value(policy) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        let usual = fields(&Self::default());
        fields(self).into_iter().filter(|(name, value)| usual.get(name) != Some(value)).collect()
    }

    /// What a message costs, in points.
    pub fn points(&self, channel: Channel, purpose: Purpose) -> u32 {
        let mut weights = self.weights.iter();
        weights
            .find(|weight| weight.channel == channel && weight.purpose == purpose)
            .map_or(0, |weight| weight.points)
    }

    /// What a message of a purpose bids, with what its sequence adds.
    pub fn bid(&self, purpose: Purpose, priority: u8) -> u32 {
        let offer = self.bids.iter().find(|offer| offer.purpose == purpose);
        offer.map_or(0, |offer| offer.points).saturating_add(u32::from(priority))
    }

    /// The consent a purpose needs on a channel.
    pub fn need(&self, channel: Channel, purpose: Purpose) -> Option<Level> {
        self.needs
            .iter()
            .find(|need| need.channel == channel && need.purpose == purpose)
            .map(|need| need.level)
    }

    /// The channels of a purpose, the best first.
    pub fn order(&self, purpose: Purpose) -> &[Channel] {
        self.order.iter().find(|order| order.purpose == purpose).map_or(&[], |order| &order.channels)
    }

    /// The longest window anything looks back on, in milliseconds: older messages may be forgotten.
    pub fn looks_back_ms(&self) -> i64 {
        let caps = self.caps.iter().map(|cap| cap.within_h);
        let hours = caps.chain([self.budget.within_h, self.topic_within_h]).max().unwrap_or_default();
        i64::from(hours) * crate::time::HOUR_MS
    }

    /// What is wrong with it, if anything: one sentence that names the field.
    pub fn trouble(&self) -> Option<String> {
        let (from, until) = (minute(&self.hours.0), minute(&self.hours.1));
        match (from, until) {
            (Some(from), Some(until)) if from < until => None,
            (Some(_), Some(_)) => Some("policy.hours: the first time must be before the second.".into()),
            _ => Some("policy.hours: two local times are needed, such as [\"08:00\", \"21:00\"].".into()),
        }
        .or_else(|| {
            (self.budget.reserve > self.budget.points)
                .then(|| "policy.budget.reserve: must not be more than policy.budget.points.".into())
        })
    }

    /// The hours as minutes of the day; the whole day where they are not understood.
    pub fn minutes(&self) -> (u16, u16) {
        (minute(&self.hours.0).unwrap_or(0), minute(&self.hours.1).unwrap_or(24 * 60))
    }
}

/// The minute of the day of `HH:MM`; `24:00` is its end.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
    (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_sound_and_survive_json() {
        let policy = Policy::default();
        assert_eq!(policy.trouble(), None);
        let json = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), policy);
        assert_eq!(serde_json::from_str::<Policy>("{}").unwrap(), policy, "every field has a default");
    }

    #[test]
    fn another_policy_has_another_version() {
        let other = Policy { topic_within_h: 1, ..Policy::default() };
        assert_eq!(Policy::default().version(), Policy::default().version());
        assert_ne!(Policy::default().version(), other.version());
    }

    #[test]
    fn a_policy_is_made_again_from_what_differs_from_the_defaults() {
        assert_eq!(Policy::default().named().rules, Map::new());
        let own = Policy { paused: true, retention_months: Some(6), ..Policy::default() };
        let Named { version, rules } = own.named();
        assert_eq!(rules.keys().collect::<Vec<_>>(), ["paused", "retention_months"]);
        assert_eq!(Policy::of(&version, &rules), Some(own));
        assert_eq!(Policy::of(&version, &Map::new()), None, "these fields make another policy");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let with =
            |from: &str, until: &str| Policy { hours: (from.into(), until.into()), ..Policy::default() };
        for (from, until) in [("8", "21:00"), ("25:00", "26:00"), ("08:60", "21:00"), ("21:00", "08:00")] {
            assert!(with(from, until).trouble().unwrap().contains("policy.hours"), "{from} {until}");
        }
        let budget = Budget { points: 1, within_h: 1, reserve: 2 };
        let greedy = Policy { budget, ..Policy::default() };
        assert!(greedy.trouble().unwrap().contains("policy.budget.reserve"));
        assert!(
            serde_json::from_str::<Policy>(r#"{"quietchannels": []}"#).is_err(),
            "a typing error is told"
        );
    }
}
