//! Who of the team is told what, and when: their rules and their quiet hours, and nothing of how it is sent.

use jiff::{Zoned, civil::Time};

use crate::{
    api::alerts::{AlertKind, Rules},
    calendar,
    id::{AgentId, AlertId, ContactId, ConversationId, PushId},
    site::Site,
    time::Timestamp,
};

/// Somebody of the team who can take a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Their id.
    pub id: AgentId,
    /// Their name, as it stands in the site's `team`.
    pub name: String,
    /// Their mailbox.
    pub email: String,
    /// What they are told, and how.
    pub rules: Rules,
    /// Their browsers that take push messages.
    pub browsers: Vec<PushId>,
}

/// What telling the team takes; loaded only where somebody may have to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Team {
    /// Everybody who can take a conversation.
    pub staff: Vec<Staff>,
    /// What stands before a contact's id in the inbox's address.
    pub inbox: String,
    /// What the contact wrote last.
    pub words: Option<String>,
    /// A number they have proven, to call them.
    pub phone: Option<String>,
}

/// Something for the inbox of one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// Whose.
    pub agent: AgentId,
    /// What kind.
    pub kind: AlertKind,
    /// About whom.
    pub contact: ContactId,
    /// Their conversation.
    pub conversation: ConversationId,
    /// Why, in one sentence; no words of the contact's.
    pub text: String,
    /// Not shown before.
    pub at: Timestamp,
    /// What it is about; see [`group`].
    pub group: String,
}

/// What alerts and notices about a conversation share: they are withdrawn together.
pub fn group(conversation: &ConversationId) -> String {
    format!("conversation {conversation}")
}

impl Rules {
    /// When what rings may ring: `at`, or the end of the quiet hours it lies in.
    pub fn rings_at(&self, site: &Site, at: Timestamp) -> Timestamp {
        let zone = calendar::zone(self.time_zone.as_deref().unwrap_or(&site.time_zone));
        let local = calendar::local(at, &zone);
        let end = self.quiet.as_ref().and_then(|quiet| ends(&local, quiet));
        end.map_or(at, |end| Timestamp::from_ms(end.timestamp().as_millisecond()).max(at))
    }

    /// What is wrong with them, in one sentence that names the field.
    pub fn trouble(&self) -> Option<&'static str> {
        let is_zone = |name: &String| jiff::tz::TimeZone::get(name).is_ok();
        if !self.time_zone.iter().all(is_zone) {
            return Some("`time_zone` is not an IANA time zone.");
        }
        if self.quiet.iter().any(|(from, to)| time(from).is_none() || time(to).is_none() || from == to) {
            return Some("`quiet` takes two different times like [\"21:00\", \"07:00\"].");
        }
        None
    }
}

fn time(text: &str) -> Option<Time> {
    Time::strptime("%H:%M", text).ok()
}

/// The end of quiet hours, where a local time lies in them.
fn ends(local: &Zoned, (from, to): &(String, String)) -> Option<Zoned> {
    let (from, to, now) = (time(from)?, time(to)?, local.time());
    let is_quiet = if from < to { from <= now && now < to } else { now >= from || now < to };
    if !is_quiet {
        return None;
    }
    let day = if now < to { local.date() } else { local.date().tomorrow().ok()? };
    day.to_datetime(to).to_zoned(local.time_zone().clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rings_waits_for_the_end_of_quiet_hours_on_their_own_clock() {
        let site: Site = serde_json::from_str(include_str!("../../examples/site/throughline.json")).unwrap();
        let at = |text: &str| {
            let zoned: Zoned = format!("{text}[America/New_York]").parse().unwrap();
            Timestamp::from_ms(zoned.timestamp().as_millisecond())
        };
        let rules = Rules {
            time_zone: Some("America/New_York".into()),
            quiet: Some(("21:00".into(), "07:00".into())),
            ..Rules::default()
        };
        for (now, rings) in [
            ("2026-11-24T20:59", "2026-11-24T20:59"),
            ("2026-11-24T21:00", "2026-11-25T07:00"),
            ("2026-11-25T03:00", "2026-11-25T07:00"),
            ("2026-11-25T07:00", "2026-11-25T07:00"),
        ] {
            assert_eq!(rules.rings_at(&site, at(now)), at(rings), "{now}");
        }
        let lunch = Rules { quiet: Some(("12:00".into(), "13:00".into())), ..rules.clone() };
        assert_eq!(lunch.rings_at(&site, at("2026-11-24T12:30")), at("2026-11-24T13:00"));
        assert_eq!(Rules::default().rings_at(&site, at("2026-11-24T03:00")), at("2026-11-24T03:00"));
        assert_eq!(rules.trouble(), None);
        assert!(Rules { quiet: Some(("9".into(), "10:00".into())), ..rules.clone() }.trouble().is_some());
        assert!(Rules { time_zone: Some("Mars".into()), ..rules }.trouble().is_some());
    }
}
