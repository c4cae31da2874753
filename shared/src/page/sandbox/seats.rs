//! Who sits at the sandbox: the people of the demonstration, then every other address something went to or came from.

use super::super::{view::SandboxView, words};
use crate::{
    channel::Channel,
    contact::{Address, AddressKind},
    identity,
    store::sandbox::SandboxMessage,
};

/// A person with their messages.
pub(super) struct Seat<'a> {
    /// Their name; the address in words of somebody unknown.
    pub name: String,
    /// One of the demonstration's people.
    pub known: bool,
    /// Their number.
    pub phone: Option<&'a str>,
    /// Their mailbox.
    pub email: Option<&'a str>,
    /// Who they are on Messenger and Instagram.
    pub ids: &'a [(Channel, String)],
    /// Their zone.
    pub zone: &'a str,
    /// What they got and wrote, newest first.
    pub messages: Vec<&'a SandboxMessage>,
}

impl<'a> Seat<'a> {
    /// Whose clock the page shows.
    pub(super) fn whose_time(&self) -> String {
        let first = self.name.split_whitespace().next().filter(|_| self.known);
        first.map_or_else(String::new, |first| format!("{first}’s time"))
    }

    /// Their address on one of the phone's lines.
    pub(super) fn at(&self, channel: Channel) -> Option<&'a str> {
        let id = self.ids.iter().find(|(on, _)| *on == channel).map(|(_, id)| id.as_str());
        id.or(self.phone.filter(|_| channel == Channel::Sms))
    }

    /// Their messages on a channel, newest first.
    pub(super) fn on(&self, channel: &'static str) -> impl DoubleEndedIterator<Item = &'a SandboxMessage> {
        self.messages.iter().copied().filter(move |message| message.channel == channel)
    }
}

/// Everybody, the people of the demonstration first; unknown ones in the order they appeared, so that their places in
/// the page's address stay.
pub(super) fn seats(view: &SandboxView) -> Vec<Seat<'_>> {
    let mut seats: Vec<Seat<'_>> = view
        .people
        .iter()
        .map(|person| Seat {
            name: person.name.clone(),
            known: true,
            phone: person.phone.as_deref().filter(|text| !text.is_empty()),
            email: person.email.as_deref().filter(|text| !text.is_empty()),
            ids: &person.ids,
            zone: person.time_zone.as_deref().unwrap_or(&view.time_zone),
            messages: Vec::new(),
        })
        .collect();
    for message in view.messages.iter().rev() {
        let address = customer(message, view);
        let found = seats.iter().position(|seat| owns(seat, address));
        let place = found.unwrap_or_else(|| {
            seats.push(unknown(address, view));
            seats.len() - 1
        });
        seats[place].messages.insert(0, message);
    }
    seats
}

/// Whether the site sent it: its id is a delivery's, or it comes from one of the site's own lines.
pub(super) fn is_ours(message: &SandboxMessage, view: &SandboxView) -> bool {
    let sender = bare(&message.sender);
    let own =
        [&view.site_phone, &view.site_email].into_iter().any(|line| !line.is_empty() && same(sender, line));
    own || view.pages.iter().any(|(_, page)| page == sender) || message.id.starts_with("dlv_")
}

/// The address in `Name <address>`, or the text itself.
pub(super) fn bare(text: &str) -> &str {
    match (text.rfind('<'), text.rfind('>')) {
        (Some(start), Some(end)) if start < end => text[start + 1..end].trim(),
        _ => text.trim(),
    }
}

/// The display name in `Name <address>`, or the address.
pub(super) fn display(text: &str) -> &str {
    let name = text.split('<').next().unwrap_or_default().trim().trim_matches('"');
    if name.is_empty() { bare(text) } else { name }
}

fn customer<'a>(message: &'a SandboxMessage, view: &SandboxView) -> &'a str {
    bare(if is_ours(message, view) { &message.recipient } else { &message.sender })
}

fn owns(seat: &Seat<'_>, address: &str) -> bool {
    let known = |(_, id): &(Channel, String)| id == address;
    seat.ids.iter().any(known) || [seat.phone, seat.email].into_iter().flatten().any(|own| same(own, address))
}

fn same(one: &str, other: &str) -> bool {
    let key = |text: &str| identity::key(&Address::new(AddressKind::Email, text));
    key(one) == key(other)
}

fn unknown<'a>(address: &'a str, view: &'a SandboxView) -> Seat<'a> {
    let mail = address.contains('@');
    Seat {
        name: format!("Unknown ({})", words::phone(address)),
        known: false,
        phone: (!mail).then_some(address),
        email: mail.then_some(address),
        ids: &[],
        zone: &view.time_zone,
        messages: Vec::new(),
    }
}
