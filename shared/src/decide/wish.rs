//! What a contact's wish about our messages does, in the batch of the message that says it.
//!
//! **Who may stop what.** Stopping is generous: a wrong stop costs messages that START brings back, a wrong refusal costs
//! somebody their right. So the address a wish comes from is always stopped, whoever vouches for it, and a line that is
//! proven and vouched for stops every address of the contact on the channels it names. But nobody may be silenced by a
//! stranger who only reached their timeline: a browser that proves nothing stops an address only if it was *typed to be
//! written to on that very line*. That is so where the conversation noted it (see [`Typed::on`](crate::conversation::Typed)),
//! also for an address that belongs to another contact, since the line takes back what it asked for and every such
//! address was counted against the day's limit; and where the address is the contact's own, and the ledger or the words of
//! this line show that it came from here. A number that is merely mentioned is nobody's to stop: that message goes
//! to whoever answers, who calls a person. The same goes for a mail nobody vouches for, which stops its own mailbox
//! and no more.
//!
//! **Who may start what.** START lifts the opt-out of the very address that says it, vouched for, and of no other.
//!
//! A wish that reaches no address is not obeyed here, and left to whoever answers.

use super::{Change, Known, Plan, typed};
use crate::{
    channel::Channel,
    consent::{
        Action, Basis, ConsentBody,
        wish::{self, Reach, What, Wish},
    },
    contact::{Address, AddressKind},
    ctx::Ctx,
    delivery::Purpose,
    event::{Event, Message},
    identity,
    message::InboundMessage,
    phrases::{self, Lang},
    wire::Speaker,
};

/// Why waiting messages are withdrawn.
pub(super) const OPTED_OUT: &str = "opted_out";

/// A message, as an event on its line.
pub(super) struct Said<'a> {
    pub(super) line: (Channel, &'a Address),
    pub(super) message: &'a InboundMessage,
    pub(super) event: &'a Event,
    pub(super) vouched: bool,
}

/// Does what the message wishes for; whether it wished for anything that could be done.
pub(super) fn obey(plan: &mut Plan<'_>, ctx: &mut Ctx, said: &Said<'_>) -> bool {
    let own = typed::known(plan.snapshot, said.line.1);
    let Some(Wish { what, exact }) = wish_of(plan, said, is_blocked(&own)) else { return false };
    let basis = if exact { Basis::Keyword } else { Basis::Words };
    let (channel, _) = said.line;
    let lang = if exact { None } else { Lang::detect(&said.message.text) };
    let (lang, site) = (lang.unwrap_or_else(|| plan.lang()), plan.snapshot.site);
    // A second STOP is answered by silence, and so is whatever else somebody who opted out of this line asks to end.
    let (text, is_heard) = match what {
        What::Stop(reach) => {
            let reached = reached(plan, said, &reach);
            if reached.is_empty() {
                return false;
            }
            let mut stopped: Vec<Channel> = reached.iter().map(|(channel, _)| *channel).collect();
            stopped.sort_unstable();
            stopped.dedup();
            for (channel, known) in reached {
                stop(plan, ctx, said, channel, known, basis);
            }
            (phrases::lines::stop_confirmation(lang, &site.name, channel, &stopped), !is_blocked(&own))
        }
        What::Start => {
            if is_blocked(&own) {
                let mut known = own.clone();
                let body = body_of(said, channel, Action::Grant, basis);
                typed::record(plan, ctx, &mut known, said.line, body);
                plan.change(Change::Block(known.address, false));
            }
            (phrases::lines::start_confirmation(lang, &site.name, channel), true)
        }
        What::Help => (phrases::lines::help(lang, &site.name, &site.phone), true),
    };
    // A provider that recognised the word itself has answered it.
    if is_heard && said.message.keyword.is_none() {
        let message = Message { text, ..Message::default() };
        // The confirmation may always go out, so whether it was held cannot matter here.
        let _ = plan.say(ctx, &own, channel, Purpose::OptOutReply, Speaker::System, message);
    }
    true
}

/// What a message wishes for. START counts only from a vouched sender, because it takes a right back; a bare "yes" opts
/// in only who has opted out; and outside text messages START and HELP are words like others to who has not.
fn wish_of(plan: &Plan<'_>, said: &Said<'_>, blocked: bool) -> Option<Wish> {
    let (channel, _) = said.line;
    let wish = plan.snapshot.wish.clone().filter(|wish| match wish.what {
        What::Stop(_) => true,
        What::Start => said.vouched && (blocked || channel == Channel::Sms),
        What::Help => blocked || channel == Channel::Sms,
    });
    let says_yes = || blocked && said.vouched && !said.message.automatic && wish::is_yes(&said.message.text);
    wish.or_else(|| says_yes().then_some(Wish { what: What::Start, exact: true }))
}

fn is_blocked(known: &Known) -> bool {
    known.owner.as_ref().is_some_and(|(_, handle)| handle.blocked)
}

/// The addresses a wish stops, and the channel of each: see this module's head.
fn reached(plan: &Plan<'_>, said: &Said<'_>, reach: &Reach) -> Vec<(Channel, Known)> {
    let (on, from) = said.line;
    let mut reached = Vec::new();
    if reach.covers(on, on) {
        reached.push((on, typed::known(plan.snapshot, from)));
    }
    for known in plan.snapshot.addresses.iter().filter(|known| !known.address.is_same(from)) {
        let channel =
            Channel::ALL.into_iter().find(|channel| AddressKind::of(*channel) == known.address.kind);
        let Some(channel) = channel.filter(|channel| reach.covers(on, *channel)) else { continue };
        if *reach != Reach::Here && may_stop(plan, said, known) {
            reached.push((channel, known.clone()));
        }
    }
    reached
}

fn may_stop(plan: &Plan<'_>, said: &Said<'_>, known: &Known) -> bool {
    let (snapshot, from) = (plan.snapshot, said.line.1);
    let Some((owner, _)) = &known.owner else { return false };
    let joining = snapshot.joining.as_ref().map(|joining| &joining.side.contact.id);
    let theirs = *owner == plan.contact.id || Some(owner) == joining;
    if from.kind != AddressKind::Visitor {
        return said.vouched && theirs;
    }
    theirs && (snapshot.is_proven(from) || came_from_here(plan, said, known))
        || was_typed_here(plan, from, known)
}

/// Whether the conversation noted that the address was typed on this line to be written to.
fn was_typed_here(plan: &Plan<'_>, from: &Address, known: &Known) -> bool {
    let (kind, key, line) = (known.address.kind, identity::key(&known.address), identity::key(from));
    plan.conversation
        .typed
        .iter()
        .any(|typed| typed.kind == kind && typed.key == key && typed.on.contains(&line))
}

/// Whether the ledger names an event of this line for the address, or a message on it spells it out.
fn came_from_here(plan: &Plan<'_>, said: &Said<'_>, known: &Known) -> bool {
    let (channel, from) = said.line;
    let key = identity::key(from);
    let here = plan.snapshot.recent.iter().filter(|event| {
        event.speaker == Speaker::Contact && event.channel == channel && event.address_key == key
    });
    let region = &plan.snapshot.site.region;
    here.chain([said.event]).any(|event| {
        let consented = known.chain.iter().any(|entry| entry.body.event == event.id);
        consented || event.message().is_some_and(|message| spells_out(&message.text, &known.address, region))
    })
}

fn spells_out(text: &str, address: &Address, region: &str) -> bool {
    let found = match address.kind {
        AddressKind::Phone => {
            identity::find_phone(text, region).and_then(|found| identity::parse_phone(found, region).ok())
        }
        AddressKind::Email => identity::find_email(text).and_then(|found| identity::parse_email(found).ok()),
        _ => None,
    };
    found.is_some_and(|found| identity::key(&found) == identity::key(address))
}

/// Opts an address out, unless it is: the ledger entry, the block, and the withdrawal of what waits.
fn stop(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    said: &Said<'_>,
    channel: Channel,
    mut known: Known,
    basis: Basis,
) {
    if is_blocked(&known) {
        return;
    }
    let body = body_of(said, channel, Action::Revoke, basis);
    typed::record(plan, ctx, &mut known, said.line, body);
    typed::close(plan, channel, &known.address, OPTED_OUT);
}

fn body_of(said: &Said<'_>, channel: Channel, action: Action, basis: Basis) -> ConsentBody {
    let text = &said.message.text;
    let subject = said.message.subject.as_ref().filter(|_| text.trim().is_empty());
    ConsentBody::of(channel, action, basis, subject.unwrap_or(text), &said.event.id)
}
