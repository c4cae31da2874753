//! The team is told, in the batch of what it is told of.
//!
//! Whoever owns what was promised is told at once, everybody else who can take it a while later, and the next one in time before the promise
//! ends: all of it is planned at once, as rows with their time, and withdrawn as a group when somebody has answered. So a
//! timer that is lost loses nothing, and nobody is told of what is done.

use super::{Change, Plan};
use crate::{
    alert::{Alert, Staff, group},
    api::alerts::{AlertKind, AlertWay},
    calendar,
    channel::Channel,
    contact::Address,
    ctx::Ctx,
    id::{AlertId, NoticeId},
    identity,
    notice::{Notice, PUSH},
    phrases::Lang,
    text,
    time::{MINUTE_MS, Timestamp},
};

/// How much of a contact's words a mail holds, in characters.
const WORDS_CHARS: usize = 120;

/// What is told.
pub(super) struct Told<'a> {
    pub(super) kind: AlertKind,
    /// Why, in one sentence without any words of the contact's.
    pub(super) because: String,
    /// The line it is about.
    pub(super) line: (Channel, &'a Address),
    /// By mail and text as well; else in the inbox alone.
    pub(super) rings: bool,
}

/// Tells whose conversation it is, else whoever owns what was promised, at once, and then everybody else who can take it.
pub(super) fn everybody(plan: &mut Plan<'_>, ctx: &mut Ctx, told: &Told<'_>) {
    let site = plan.snapshot.site;
    let promise = plan.conversation.promise.clone();
    let assigned = plan.conversation.work.assigned.clone();
    let promised = promise.as_ref().map(|promise| promise.owner.clone());
    let owner = &assigned.or(promised).unwrap_or_default();
    let next = promise.as_ref().and_then(|promise| promise.next_owner(site));
    let staff = plan.snapshot.team.staff.clone();
    let is_owned = staff.iter().any(|agent| agent.name == *owner);
    let minutes = |minutes: u32| i64::from(minutes) * MINUTE_MS;
    let later = ctx.now.plus_ms(minutes(site.handoff.others_after_min));
    let near = promise.as_ref().map(|promise| promise.by.plus_ms(-minutes(site.handoff.near_end_min)));
    for agent in &staff {
        let at = if !is_owned || agent.name == *owner {
            ctx.now
        } else if next.as_deref() == Some(agent.name.as_str()) {
            near.map_or(later, |near| near.min(later)).max(ctx.now)
        } else {
            later
        };
        tell(plan, ctx, agent, told, at);
    }
}

/// Tells one member of the team, by name, from `at` on.
pub(super) fn one(plan: &mut Plan<'_>, ctx: &mut Ctx, name: &str, told: &Told<'_>, at: Timestamp) {
    let agent = plan.snapshot.team.staff.iter().find(|agent| agent.name == name).cloned();
    if let Some(agent) = agent {
        tell(plan, ctx, &agent, told, at);
    }
}

/// Takes back what nobody needs to be told any more.
pub(super) fn withdraw(plan: &mut Plan<'_>, reason: &'static str) {
    let group = group(&plan.conversation.id);
    plan.change(Change::WithdrawAlerts(group.clone()));
    plan.change(Change::WithdrawNotices(group, reason));
}

fn tell(plan: &mut Plan<'_>, ctx: &mut Ctx, agent: &Staff, told: &Told<'_>, at: Timestamp) {
    let ways = agent.rules.ways(told.kind);
    let has = |way| ways.contains(&way);
    let (contact, conversation) = (plan.contact.id.clone(), plan.conversation.id.clone());
    let group = group(&conversation);
    if has(AlertWay::App) || told.kind == AlertKind::Handoff {
        plan.change(Change::Alert(Alert {
            id: AlertId::mint(ctx),
            agent: agent.id.clone(),
            kind: told.kind,
            contact,
            conversation,
            text: told.because.clone(),
            at,
            group: group.clone(),
        }));
    }
    if !told.rings {
        return;
    }
    let rings_at = agent.rules.rings_at(plan.snapshot.site, at);
    let mail_at = if told.kind == AlertKind::Handoff { at } else { rings_at };
    let mail = has(AlertWay::Email).then(|| (Channel::Email, agent.email.clone(), mail_at));
    let phone = agent.rules.phone.clone().filter(|_| has(AlertWay::Sms));
    let text = phone.map(|phone| (Channel::Sms, phone, rings_at));
    let browsers = agent.browsers.iter().filter(|_| has(AlertWay::Push));
    let pushes = browsers.map(|browser| (Channel::Widget, format!("{PUSH}{browser}"), rings_at));
    for (channel, to, due_at) in mail.into_iter().chain(text).chain(pushes) {
        let notice = Notice {
            id: NoticeId::mint(ctx),
            agent: Some(agent.id.clone()),
            kind: told.kind.as_str().to_owned(),
            channel,
            to,
            subject: (channel != Channel::Sms).then(|| subject(plan, told)),
            text: words(plan, told, channel),
            group: group.clone(),
            due_at,
        };
        plan.change(Change::Notify(notice));
    }
}

/// What the contact is called: their name, else their masked address, else a visitor.
fn called(plan: &Plan<'_>, (channel, address): (Channel, &Address)) -> String {
    let name = plan.contact.name.clone().map(|name| text::one_line(&name));
    name.unwrap_or_else(|| {
        if channel == Channel::Widget { "A visitor".to_owned() } else { identity::mask(address) }
    })
}

fn subject(plan: &Plan<'_>, told: &Told<'_>) -> String {
    let who = called(plan, told.line);
    match told.kind {
        AlertKind::Handoff => format!("{who} needs a person"),
        AlertKind::Promise => format!("{who} was promised an answer"),
        AlertKind::Message => format!("{who} wrote"),
    }
}

/// Who, why, what they want in one line, where to answer, and the number to call: no more than it takes.
fn words(plan: &Plan<'_>, told: &Told<'_>, channel: Channel) -> String {
    let (site, team) = (plan.snapshot.site, &plan.snapshot.team);
    let link = format!("{}{}", team.inbox, plan.contact.id);
    let who = called(plan, told.line);
    if channel == Channel::Sms {
        return format!("{who}: {} {link}", told.because);
    }
    if channel == Channel::Widget {
        return format!("{}\n{link}", told.because);
    }
    let mut lines = vec![format!("{who}, by {}: {}", told.line.0.as_str(), told.because)];
    if let Some(said) = &team.words {
        lines.push(format!("“{}”", text::shorten(&text::one_line(said), WORDS_CHARS)));
    }
    if let Some(promise) = &plan.conversation.promise {
        let by = calendar::local_date_time(promise.by, &site.time_zone, Lang::En);
        lines.push(format!("Promised until {by} ({}).", site.time_zone));
    }
    lines.push(String::new());
    lines.push(format!("Answer: {link}"));
    if let Some(phone) = &team.phone {
        lines.push(format!("Call: tel:{phone}"));
    }
    lines.join("\n")
}
