//! Promises: what was said to happen, and until when. Each is a timer with an owner.
//!
//! The time is computed from the site's opening hours and holidays, never made up: so many minutes of the team's own
//! time from now on ([`by`]). A conversation has one promise at a time, in its own row, so making one costs no write of
//! its own. Whoever speaks for the team keeps it; when its time has passed it is missed, once, and the next one of the
//! team owns it.

pub mod spoken;

use serde::{Deserialize, Serialize};

pub use crate::api::asked::Deed;
use crate::{calendar, channel::Channel, contact::Address, site::Site, time::Timestamp, wire::Speaker};

/// The longest that may be promised, in minutes of the team's own time.
pub const MAX_WITHIN_MIN: u32 = 6_000;

/// A promise that stands. Stored as JSON in the shape spelled out in this module's tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Promise {
    /// What.
    pub deed: Deed,
    /// Until when.
    pub by: Timestamp,
    /// Who promised it.
    pub made_by: Speaker,
    /// When it was promised.
    pub made_at: Timestamp,
    /// The line it was promised on.
    pub channel: Channel,
    /// The contact's address there.
    pub to: Address,
    /// Who has to keep it, by name; whoever of the team comes first where it is empty.
    pub owner: String,
    /// When it was missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed_at: Option<Timestamp>,
    /// When it is looked at next; never again where there is none, because everybody has been asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wakes_at: Option<Timestamp>,
}

/// What happened to a promise, as it stands on the timeline. Stored as JSON in this shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseEvent {
    /// What happened to it.
    pub act: PromiseAct,
    /// What was promised.
    pub deed: Deed,
    /// Until when.
    pub by: Timestamp,
    /// Who has to keep it now; whoever comes first where it is empty.
    pub owner: String,
    /// What the team noted about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What happens to a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseAct {
    /// It was made.
    Made,
    /// It was kept in time.
    Kept,
    /// Its time passed. It is still to be kept, by its new owner.
    Missed,
    /// Its owner let it pass again: it is the next one's.
    PassedOn,
    /// It was kept after its time.
    KeptLate,
    /// There is no need for it any more.
    Withdrawn,
}

/// The time by which the team can promise to act, as far as its hours tell; `None` where the site has no hours, and so
/// no time can be promised.
pub fn by(site: &Site, now: Timestamp) -> Option<Timestamp> {
    calendar::after_open_minutes(site, now, site.promises.within_min)
}

/// Who owns a promise first: the first of the team; nobody by name where the site names nobody.
pub fn first_owner(site: &Site) -> String {
    site.team.first().cloned().unwrap_or_default()
}

impl Promise {
    /// The owner after the present one; `None` where everybody has been asked.
    pub fn next_owner(&self, site: &Site) -> Option<String> {
        let place = site.team.iter().position(|member| *member == self.owner);
        site.team.get(place.map_or(0, |place| place + 1)).cloned()
    }

    /// As it stands on the timeline.
    pub fn event(&self, act: PromiseAct, note: Option<String>) -> PromiseEvent {
        PromiseEvent { act, deed: self.deed, by: self.by, owner: self.owner.clone(), note }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::AddressKind;

    fn promise() -> Promise {
        Promise {
            deed: Deed::Call,
            by: Timestamp::from_ms(9),
            made_by: Speaker::Assistant,
            made_at: Timestamp::from_ms(1),
            channel: Channel::Sms,
            to: Address::new(AddressKind::Phone, "+14155552671"),
            owner: "Sam".into(),
            missed_at: None,
            wakes_at: Some(Timestamp::from_ms(9)),
        }
    }

    #[test]
    fn what_is_promised_is_stored_in_this_shape() {
        let promise = promise();
        let text = r#"{"deed":"call","by":9,"made_by":"assistant","made_at":1,"channel":"sms","to":{"kind":"phone","text":"+14155552671"},"owner":"Sam","wakes_at":9}"#;
        assert_eq!(serde_json::to_string(&promise).unwrap(), text);
        assert_eq!(serde_json::from_str::<Promise>(text).unwrap(), promise);
        let event = promise.event(PromiseAct::KeptLate, Some("called".into()));
        let text = r#"{"act":"kept_late","deed":"call","by":9,"owner":"Sam","note":"called"}"#;
        assert_eq!(serde_json::to_string(&event).unwrap(), text);
        assert_eq!(serde_json::from_str::<PromiseEvent>(text).unwrap(), event);
    }

    #[test]
    fn a_promise_goes_down_the_team_and_ends_with_the_last() {
        let mut site: Site =
            serde_json::from_str(include_str!("../../examples/site/throughline.json")).unwrap();
        site.team = vec!["Sam".into(), "Jo".into()];
        let own = promise();
        assert_eq!(own.next_owner(&site).as_deref(), Some("Jo"));
        assert_eq!(Promise { owner: "Jo".into(), ..own.clone() }.next_owner(&site), None);
        assert_eq!(Promise { owner: String::new(), ..own }.next_owner(&site).as_deref(), Some("Sam"));
        site.team.clear();
        assert_eq!(promise().next_owner(&site), None);
    }
}
