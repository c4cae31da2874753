//! What a mailbox gets, as its owner chooses it on the page that our mail links to: parts, how each stands, and what a
//! posted form asks for.
//!
//! How a part stands is the fold of the mailbox's ledger. The page gives back only what it took: a STOP that somebody wrote
//! is lifted by START from that mailbox and by nothing else.

use crate::{
    channel::Channel,
    channel::email::unsubscribe,
    consent::{Action, Basis, ConsentEntry, Level, Standing, standing},
    delivery::Purpose,
    time::Timestamp,
};

/// A part of what a mailbox gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// News and offers.
    Marketing,
    /// Reminders.
    Reminders,
    /// Everything, answers too.
    Everything,
}

impl Part {
    /// Every part, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Marketing, Self::Reminders, Self::Everything];

    /// The word in the page's forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Marketing => "marketing",
            Self::Reminders => "reminders",
            Self::Everything => "everything",
        }
    }

    /// What the ledger calls it; everything has no name of its own there.
    pub const fn purpose(self) -> Option<Purpose> {
        match self {
            Self::Marketing => Some(Purpose::Marketing),
            Self::Reminders => Some(Purpose::Reminder),
            Self::Everything => None,
        }
    }
}

/// How a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It may come.
    On,
    /// Somebody asked for it for this mailbox, which has not confirmed it: it does not come.
    Unconfirmed,
    /// Nobody asked for it, and it does not come.
    Off,
    /// Stopped on the page, which can start it again.
    Stopped,
    /// Stopped in another way: by STOP, or at the carrier.
    StoppedElsewhere,
    /// Stopped with everything.
    Covered,
}

/// How a part of what a mailbox gets stands; `blocked` is its handle's.
pub fn state(chain: &[ConsentEntry], blocked: bool, part: Part, now: Timestamp) -> State {
    let by = |entry: &ConsentEntry| match entry.body.basis {
        Basis::Unsubscribe => State::Stopped,
        _ => State::StoppedElsewhere,
    };
    let whole =
        chain.iter().rfind(|entry| is_whole(entry)).filter(|entry| entry.body.action == Action::Revoke);
    let whole = whole.map(by).or_else(|| blocked.then_some(State::StoppedElsewhere));
    let Some(purpose) = part.purpose() else { return whole.unwrap_or(State::On) };
    if whole.is_some() {
        return State::Covered;
    }
    match standing(chain, Channel::Email, purpose, None, now) {
        Standing::Silent if part == Part::Marketing => State::Off,
        Standing::Granted { level: Level::Express | Level::ExpressWritten, .. }
            if part == Part::Marketing =>
        {
            State::Unconfirmed
        }
        Standing::Granted { .. } | Standing::Silent => State::On,
        Standing::Revoked { entry } => {
            chain.iter().find(|one| one.id == entry).map_or(State::StoppedElsewhere, by)
        }
    }
}

/// Whether an entry is about everything by email.
fn is_whole(entry: &ConsentEntry) -> bool {
    let body = &entry.body;
    body.channel == Channel::Email && body.purpose.is_none() && body.topic.is_none()
}

/// How strongly a part was allowed when it last was; expressly, by the form itself, where it never was.
pub fn level_before(chain: &[ConsentEntry], part: Part, now: Timestamp) -> Level {
    let purpose = part.purpose().unwrap_or(Purpose::Transactional);
    let mut earlier = (0..chain.len()).rev().map(|end| &chain[..end]);
    let level = earlier.find_map(|chain| match standing(chain, Channel::Email, purpose, None, now) {
        Standing::Granted { level, .. } => Some(level),
        _ => None,
    });
    level.map_or(Level::Express, |level| level.max(Level::Express))
}

/// Whether reminders were stopped by themselves before everything was: starting everything does not start them.
pub fn keeps_reminders_stopped(chain: &[ConsentEntry], now: Timestamp) -> bool {
    let whole = chain.iter().rposition(is_whole).unwrap_or(0);
    let before = standing(&chain[..whole], Channel::Email, Purpose::Reminder, None, now);
    matches!(before, Standing::Revoked { .. })
}

/// What a POST asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A mail program's one click (RFC 8058).
    OneClick,
    /// A form of the page: a part, and whether it is wanted.
    Form(Part, bool),
}

/// Reads a POST; `None` for anything but the one click and the page's own forms.
pub fn parse_post(content_type: &str, body: &[u8]) -> Option<Asked> {
    if unsubscribe::is_one_click(content_type, body) {
        return Some(Asked::OneClick);
    }
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return None;
    }
    Part::ALL.into_iter().find_map(|part| {
        [("yes", true), ("no", false)].into_iter().find_map(|(word, wanted)| {
            let form = format!("part={}&wanted={word}", part.as_str());
            (body == form.as_bytes()).then_some(Asked::Form(part, wanted))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        consent::ConsentBody,
        contact::{Address, AddressKind},
        ctx::Ctx,
        id::{ConsentId, ContactId, EventId, SiteId},
    };

    const NOW: Timestamp = Timestamp::from_ms(9);

    fn chain(said: &[(Action, Option<Purpose>, Basis)]) -> Vec<ConsentEntry> {
        let mut ctx = Ctx::seeded(Timestamp::from_ms(1), 1);
        let mut chain = Vec::new();
        for (action, purpose, basis) in said {
            let event = EventId::mint(&mut ctx);
            let body = ConsentBody {
                purpose: *purpose,
                level: Level::Confirmed,
                ..ConsentBody::of(Channel::Email, *action, *basis, "x", &event)
            };
            let contact = ContactId::parse("ctc_1").unwrap();
            let (site, mailbox) =
                (SiteId::parse("ste_1").unwrap(), Address::new(AddressKind::Email, "m@a.example"));
            let (of, id) = ((&site, &mailbox), ConsentId::mint(&mut ctx));
            chain.push(ConsentEntry::after(&chain, of, id, contact, ctx.now, body));
        }
        chain
    }

    fn states(chain: &[ConsentEntry]) -> [State; 3] {
        let blocked = false;
        Part::ALL.map(|part| state(chain, blocked, part, NOW))
    }

    #[test]
    fn each_part_stands_as_the_ledger_says_and_the_page_lifts_only_its_own() {
        use Action::{Grant, Revoke};
        use Basis::{Card, Keyword, Unsubscribe};
        use State::{Covered, Off, On, Stopped, StoppedElsewhere};
        let (marketing, reminder) = (Some(Purpose::Marketing), Some(Purpose::Reminder));
        assert_eq!(states(&[]), [Off, On, On], "nobody asked for marketing");
        let granted = (Grant, marketing, Card);
        assert_eq!(states(&chain(&[granted])), [On, On, On]);
        assert_eq!(states(&chain(&[granted, (Revoke, marketing, Unsubscribe)])), [Stopped, On, On]);
        assert_eq!(states(&chain(&[granted, (Revoke, reminder, Unsubscribe)])), [On, Stopped, On]);
        assert_eq!(states(&chain(&[granted, (Revoke, None, Unsubscribe)])), [Covered, Covered, Stopped]);
        assert_eq!(states(&chain(&[granted, (Revoke, None, Keyword)])), [Covered, Covered, StoppedElsewhere]);
        let again = [granted, (Revoke, None, Unsubscribe), (Grant, None, Unsubscribe)];
        assert_eq!(states(&chain(&again)), [Stopped, On, On], "marketing is started by itself");
        let by_word = [granted, (Revoke, None, Keyword), (Grant, None, Keyword)];
        assert_eq!(states(&chain(&by_word)), [StoppedElsewhere, On, On]);
        assert_eq!(state(&[], true, Part::Everything, NOW), StoppedElsewhere);
        assert_eq!(state(&[], true, Part::Marketing, NOW), Covered);
    }

    #[test]
    fn what_is_started_again_is_as_strong_as_it_was() {
        let marketing = Some(Purpose::Marketing);
        let stopped =
            [(Action::Grant, marketing, Basis::Card), (Action::Revoke, marketing, Basis::Unsubscribe)];
        assert_eq!(level_before(&chain(&stopped), Part::Marketing, NOW), Level::Confirmed);
        let reminders = (Action::Revoke, Some(Purpose::Reminder), Basis::Unsubscribe);
        let all = (Action::Revoke, None, Basis::Unsubscribe);
        let more = [stopped[0], stopped[1], reminders, all, (Action::Grant, None, Basis::Unsubscribe)];
        assert_eq!(
            level_before(&chain(&more), Part::Marketing, NOW),
            Level::Confirmed,
            "whatever came between"
        );
        assert_eq!(level_before(&chain(&stopped[1..]), Part::Marketing, NOW), Level::Express);
        assert_eq!(level_before(&[], Part::Everything, NOW), Level::Express);
    }

    #[test]
    fn a_post_is_the_one_click_or_a_form_of_the_page() {
        let form = "application/x-www-form-urlencoded";
        assert_eq!(parse_post(form, b"List-Unsubscribe=One-Click"), Some(Asked::OneClick));
        assert_eq!(parse_post(form, b"part=reminders&wanted=no"), Some(Asked::Form(Part::Reminders, false)));
        assert_eq!(
            parse_post(form, b"part=everything&wanted=yes"),
            Some(Asked::Form(Part::Everything, true))
        );
        for body in ["", "part=marketing", "part=all&wanted=no", "part=marketing&wanted=maybe"] {
            assert_eq!(parse_post(form, body.as_bytes()), None, "{body}");
        }
        assert_eq!(parse_post("text/plain", b"part=marketing&wanted=no"), None);
    }
}
