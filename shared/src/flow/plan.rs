//! A decision as statements: one batch, in the decision's order.

use super::people::plan_people;
use crate::{
    contact::Address,
    ctx::Ctx,
    decide::Change,
    id::FactId,
    identity, signature,
    site::Site,
    store::{
        Stmt, alerts, appointments, consents, contacts, conversations, counters, deliveries, digests, events,
        files, notices, planned, runs, tags, work,
    },
    time::{DAY_MS, HOUR_MS, Timestamp},
    verdict::Held,
    work::tally,
};

/// The counter of a site's assistant turns in an hour.
pub(super) const TURNS: &str = "assistant_turns";
/// The counter of a site's model tokens in a day.
pub(super) const TOKENS: &str = "assistant_tokens";

/// The counter of a site's first messages to typed addresses in an hour.
pub(super) const FIRST: &str = "first_messages";

/// The counter of a site's forms in an hour.
pub(super) const FORMS: &str = "forms";
/// The counter of promises that were kept in time, in a day.
pub(super) const KEPT: &str = "promises.kept";
/// The counter of promises that were missed, in a day.
pub(super) const MISSED: &str = "promises.missed";
/// The counter of forms a program filled in, in a day.
pub(super) const TRAPPED: &str = "forms.trapped";
/// The counter of what the page books for a mailbox in a day. A digest, since a counter outlives what it counts.
pub(super) fn booked_for(mailbox: &Address) -> String {
    let digest = signature::hex(&signature::sha256(identity::key(mailbox).as_bytes()));
    format!("booked.{}", &digest[..24])
}

/// The counter of how often a mailbox is asked to confirm, in a day.
pub(super) fn asked(mailbox: &Address) -> String {
    let digest = signature::hex(&signature::sha256(identity::key(mailbox).as_bytes()));
    format!("asked.{}", &digest[..24])
}

/// Counts a message that was held back, by the rule that did.
pub(super) fn count_held(site: &Site, rule: &str, now: Timestamp) -> Stmt {
    let (day, name) = (tally::day(now, &site.time_zone), format!("held.{rule}"));
    digests::count(&site.id, [(day.as_str(), name.as_str(), 1)])
}

/// The statements of a decision.
pub(super) fn plan_changes(site: &Site, changes: &[Change], ctx: &mut Ctx) -> Vec<Stmt> {
    let mut stmts = Vec::with_capacity(changes.len() + 2);
    for change in changes {
        plan_change(site, change, ctx, &mut stmts);
    }
    stmts
}

fn plan_change(site: &Site, change: &Change, ctx: &mut Ctx, stmts: &mut Vec<Stmt>) {
    let (id, now) = (&site.id, ctx.now);
    match change {
        Change::SendFile(file, conversation, seq) => {
            stmts.push(files::send(id, file, conversation, *seq));
        }
        Change::AddContact(contact) => stmts.push(contacts::add_contact(id, contact, now)),
        Change::UpdateContact(contact) => stmts.push(contacts::update_contact(id, contact)),
        Change::AddHandle(handle) => stmts.push(contacts::add_handle(id, handle, now)),
        Change::Prove(address, assurance) => stmts.push(contacts::prove_handle(id, address, *assurance)),
        Change::Block(address, blocked) => stmts.push(contacts::block_handle(id, address, *blocked)),
        Change::Claim(address, by, event) => stmts.push(contacts::claim(id, address, by, event, now)),
        Change::AddConversation(state) => stmts.push(conversations::add(id, state, now)),
        Change::Adopt(state, contact) => stmts.push(conversations::adopt(id, state, contact)),
        Change::UpdateConversation(state) => stmts.push(conversations::update(id, state, now)),
        Change::Append(event) => stmts.push(events::append(id, event)),
        Change::Arrive(endpoint, external_id, event) => {
            stmts.push(events::arrive(id, endpoint, external_id, event));
        }
        Change::MailId(message_id, event) => {
            stmts.push(events::add_mail_id(id, message_id, &event.conversation, event.seq));
        }
        Change::Consent(address, entry) => stmts.push(consents::add(id, address, entry)),
        Change::Remember(contact, said) => {
            stmts.extend(consents::remember(id, contact, &FactId::mint(ctx), said));
        }
        Change::Deliver(delivery) => stmts.push(deliveries::add(delivery, now)),
        Change::Cancel(address, reason) => stmts.push(deliveries::cancel_to(id, address, reason, now)),
        Change::CancelPurpose(address, purpose, reason) => {
            stmts.push(deliveries::cancel_purpose(id, address, *purpose, reason, now));
        }
        Change::Judge(verdict) => {
            stmts.push(deliveries::add_verdict(id, verdict, now));
            if verdict.seq.is_none()
                && let Some(Held::Denied(rule)) = verdict.detail.held()
            {
                stmts.push(count_held(site, &rule, now));
            }
        }
        Change::PassOn(from, to) => stmts.extend([planned::pass(id, from, to), runs::pass(id, from, to)]),
        Change::Plan(planned) => stmts.push(planned::add(id, planned, now)),
        Change::EndPlanned(which, ended) => stmts.push(planned::end(id, which, ended, now)),
        Change::PutOffPlanned(which, until, rule) => {
            stmts.push(planned::put_off(id, which, *until, rule, now));
        }
        Change::PutRun(run) => stmts.push(runs::put(id, run, now)),
        Change::Tag(contact, tag, true) => stmts.push(tags::add(id, contact, tag, now)),
        Change::Tag(contact, tag, false) => stmts.push(tags::remove(id, contact, tag)),
        Change::Alert(alert) => stmts.push(alerts::add(id, alert)),
        Change::WithdrawAlerts(group) => stmts.push(alerts::withdraw(id, group)),
        Change::Notify(notice) => stmts.push(notices::add(id, notice, now)),
        Change::WithdrawNotices(group, reason) => stmts.push(notices::withdraw(id, group, reason)),
        Change::Withdraw(which, reason) => stmts.push(deliveries::withdraw(id, which, reason, now)),
        Change::AddAppointment(appointment) => stmts.push(appointments::add(id, appointment, now)),
        Change::UpdateAppointment(appointment) => stmts.push(appointments::update(id, appointment, now)),
        Change::ExpireHolds(resource, time) => stmts.push(appointments::expire(id, resource, time, now)),
        Change::GiveTurn(rounds) => stmts.push(work::put_rounds(id, rounds)),
        Change::DealtWith(conversation) => stmts.push(work::deal_with(id, conversation)),
        Change::People(change) => plan_people(site, change, now, stmts),
        Change::CountForm => stmts.push(counters::count(id, FORMS, now, HOUR_MS, 1)),
        Change::CountPromise(kept) => {
            let name = if *kept { KEPT } else { MISSED };
            stmts.push(counters::count(id, name, now, DAY_MS, 1));
        }
        Change::CountFirst => stmts.push(counters::count(id, FIRST, now, HOUR_MS, 1)),
        Change::CountAsked(mailbox) => stmts.push(counters::count(id, &asked(mailbox), now, DAY_MS, 1)),
        Change::CountBooked(mailbox) => {
            stmts.push(counters::count(id, &booked_for(mailbox), now, DAY_MS, 1));
        }
        Change::CountTurn(tokens) => {
            stmts.push(counters::count(id, TURNS, now, HOUR_MS, 1));
            if *tokens > 0 {
                stmts.push(counters::count(id, TOKENS, now, DAY_MS, *tokens));
            }
        }
    }
}
