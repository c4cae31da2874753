//! Snapshots: what a command's decision may look at, read in as few round trips as it takes.

use super::{
    Scope,
    alerts::load_team,
    appointments::load_calendar,
    choose::load_mailbox,
    people::{load_people, load_side},
    plan,
    thread::load_threads,
    unasked::{load_begin, load_floor, load_planned, load_promised, load_run, load_tagged, load_unasked},
    work,
};
use crate::{
    alert::Team,
    appointment::id_of,
    assistant::Act,
    channel::{Channel, email::repeat},
    command::{Answer, Arrival, Command},
    consent::wish::{self, Reach, What},
    contact::{Address, AddressKind, Assurance, Handle},
    conversation::{Conversation, Floor},
    ctx::Ctx,
    decide::{ASKED_MS, Asks, Calendar, Joining, Known, People, Snapshot, Waiting, conversation_of_visitor},
    event::Event,
    file::File,
    id::{ContactId, ConversationId, FileId},
    identity,
    message::{Brought, InboundMessage},
    store::{
        Answer as Rows, Db, DbError, Stmt, consents, contacts, conversations, counters, deliveries, events,
        files, merges, runs,
    },
    time::{DAY_MS, HOUR_MS},
    wire::MAX_FILES,
};

/// How long a typed address may wait for its proof, in milliseconds.
const CLAIM_MS: i64 = 30 * DAY_MS;
/// How many events of all channels an answer may look back on.
pub(super) const RECENT: u32 = 80;

/// How many events of its conversation a mail is compared with, those of other lines among them.
const COMPARED: u32 = 60;

/// How many addresses one wish may stop; nobody has more numbers and mailboxes.
const REACHED: usize = 24;

/// The snapshot of a command.
pub(super) async fn load<'a, D: Db>(
    scope: Scope<'a, D>,
    command: &Command,
    ctx: &Ctx,
) -> Result<Snapshot<'a>, DbError> {
    // What each command reads is most of its future: it stands on the heap while it is read, and nowhere afterwards.
    let mut snapshot = Box::pin(load_known(scope, command, ctx)).await?;
    if scope.site.work.round_robin && work::may_call(command) {
        snapshot.rounds = Some(work::load_rounds(scope).await?);
    }
    Ok(snapshot)
}

async fn load_known<'a, D: Db>(
    scope: Scope<'a, D>,
    command: &Command,
    ctx: &Ctx,
) -> Result<Snapshot<'a>, DbError> {
    match command {
        Command::Message(arrival, message) => {
            let mut snapshot = load_sender(scope, arrival, &message.from, &[], ctx).await?;
            if message.authenticated && snapshot.contact.is_some() {
                snapshot.joining = load_joining(scope, &snapshot, &message.from, ctx).await?;
            }
            snapshot.threads = load_threads(scope, &message.thread).await?;
            snapshot.files = load_files(scope, &uploaded(message)).await?;
            load_holder(scope, &mut snapshot, message).await?;
            if message.from.kind == AddressKind::Email && !message.automatic {
                let conversation = snapshot.conversation.as_ref();
                snapshot.recent = load_newest(scope, conversation, &message.from, ctx).await?;
            }
            let on = scope.site.channel_of(&arrival.endpoint);
            snapshot.wish = wish::of(message, on);
            if let Some(What::Stop(reach)) = snapshot.wish.as_ref().map(|wish| wish.what.clone()) {
                load_reached(scope, &mut snapshot, &message.from, on, &reach).await?;
            }
            Ok(snapshot)
        }
        Command::Continue(arrival, request) => {
            let typed = typed(scope, request.channel, &request.address);
            load_sender(scope, arrival, &request.from, typed.as_slice(), ctx).await
        }
        Command::Person(arrival, request) => {
            let text = request.address.as_deref().unwrap_or("");
            let typed = typed(scope, Channel::Sms, text).or_else(|| typed_email(text));
            let mut snapshot = load_sender(scope, arrival, &request.from, typed.as_slice(), ctx).await?;
            let conversation = snapshot.conversation.as_ref().map(|conversation| &conversation.id);
            snapshot.team = load_team(scope, conversation, None).await?;
            Ok(snapshot)
        }
        Command::Form(arrival, filled) => {
            let form = &filled.form;
            let email = form.email.as_deref().and_then(typed_email);
            let phone = form.phone.as_deref().and_then(|text| typed(scope, Channel::Sms, text));
            let asks = match &email {
                Some(mailbox) if form.wants_news() => load_asks(scope, mailbox, ctx).await?,
                _ => None,
            };
            let typed: Vec<Address> = email.into_iter().chain(phone).collect();
            let mut snapshot = load_sender(scope, arrival, &filled.from, &typed, ctx).await?;
            snapshot.asks = asks;
            let forms = counters::counted(&scope.site.id, plan::FORMS, ctx.now, HOUR_MS);
            snapshot.forms = counters::decode(scope.db.query(&forms).await?)?;
            if let Some(conversation) = &snapshot.conversation {
                let found = scope.db.query(&runs::of_conversation(&scope.site.id, &conversation.id)).await?;
                snapshot.runs = runs::decode(found)?;
            }
            snapshot.wish = wish::of(&filled.as_message(), Channel::Widget);
            if let Some(What::Stop(reach)) = snapshot.wish.as_ref().map(|wish| wish.what.clone()) {
                load_reached(scope, &mut snapshot, &filled.from, Channel::Widget, &reach).await?;
            }
            Ok(snapshot)
        }
        Command::Appoint(arrival, appoint) => {
            let booker = appoint.ask.booker();
            let email = booker.and_then(|booker| typed_email(&booker.email));
            let mut snapshot = load_sender(scope, arrival, &appoint.from, email.as_slice(), ctx).await?;
            if let Some(email) = email {
                let name = plan::booked_for(&email);
                let counted = counters::counted(&scope.site.id, &name, ctx.now, DAY_MS);
                snapshot.booked_for = counters::decode(scope.db.query(&counted).await?)?;
            }
            if let Some(phone) = booker.and_then(|booker| typed(scope, Channel::Sms, &booker.phone)) {
                snapshot.addresses.push(known(scope, &phone).await?);
            }
            let makes = id_of(&arrival.event);
            snapshot.calendar =
                load_calendar(scope, &appoint.ask, Some(&makes), snapshot.contact.as_ref(), ctx).await?;
            Ok(snapshot)
        }
        Command::Answer(answer) => load_answer(scope, answer, ctx).await,
        Command::Plan(wish) => load_unasked(scope, &wish.conversation, None).await,
        Command::CancelPlanned(planned) | Command::Speak { planned, .. } => {
            load_planned(scope, planned).await
        }
        Command::Choose(choice) => load_mailbox(scope, &choice.mailbox).await,
        Command::Confirm(confirm) => load_mailbox(scope, &confirm.mailbox).await,
        Command::Begin(begin) => load_begin(scope, begin).await,
        Command::Step { run, .. } | Command::Stop(run) => load_run(scope, run).await,
        Command::Revoke(conversation, _)
        | Command::Call(conversation, _)
        | Command::Work(conversation, _)
        | Command::Awake(conversation) => load_unasked(scope, conversation, None).await,
        Command::Reply(conversation, reply) => load_reply(scope, conversation, &reply.files).await,
        Command::Floor(conversation, _) => load_floor(scope, conversation).await,
        Command::Tag(conversation, _) => load_tagged(scope, conversation).await,
        Command::Resend(conversation, _) => work::load_failed(scope, conversation).await,
        Command::Note(conversation, wish) => work::load_note(scope, conversation, wish).await,
        Command::Promise(conversation, _) | Command::Overdue(conversation) => {
            load_promised(scope, conversation).await
        }
        Command::People(wish) => load_people(scope, wish).await,
    }
}

/// Whoever has the floor, who is told of a message.
async fn load_holder<D: Db>(
    scope: Scope<'_, D>,
    snapshot: &mut Snapshot<'_>,
    message: &InboundMessage,
) -> Result<(), DbError> {
    let floor = snapshot.conversation.as_ref().map(|conversation| &conversation.floor);
    if matches!(floor, Some(Floor::Agent { .. })) {
        snapshot.team = load_team(scope, None, None).await?;
        snapshot.team.words = Some(message.text.clone());
    }
    Ok(())
}

async fn load_reply<'a, D: Db>(
    scope: Scope<'a, D>,
    conversation: &ConversationId,
    ids: &[FileId],
) -> Result<Snapshot<'a>, DbError> {
    let mut snapshot = load_unasked(scope, conversation, None).await?;
    snapshot.files = load_files(scope, ids).await?;
    Ok(snapshot)
}

/// What a browser has uploaded for a message.
fn uploaded(message: &InboundMessage) -> Vec<FileId> {
    let uploaded = |brought: &Brought| match brought {
        Brought::Uploaded(id) => Some(id.clone()),
        Brought::Whole(..) | Brought::Kept(_) => None,
    };
    message.files.iter().filter_map(uploaded).collect()
}

/// What was uploaded, as far as it is there.
async fn load_files<D: Db>(scope: Scope<'_, D>, ids: &[FileId]) -> Result<Vec<File>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let few = &ids[..ids.len().min(MAX_FILES)];
    files::decode(scope.db.query(&files::named(&scope.site.id, few)).await?)
}

/// The addresses beyond its own line that a wish for no more messages may reach, in two round trips: those of the contact
/// and of whoever they turn out to be, and those typed on the line. What was said there is needed where the line itself
/// proves nothing.
async fn load_reached<D: Db>(
    scope: Scope<'_, D>,
    snapshot: &mut Snapshot<'_>,
    from: &Address,
    on: Channel,
    reach: &Reach,
) -> Result<(), DbError> {
    let (site, Some(contact)) = (&scope.site.id, &snapshot.contact) else { return Ok(()) };
    if *reach == Reach::Here {
        return Ok(());
    }
    let mut stmts = vec![contacts::handles(site, &contact.id)];
    stmts.extend(snapshot.joining.iter().map(|joining| contacts::handles(site, &joining.side.contact.id)));
    if from.kind == AddressKind::Visitor {
        stmts.push(events::recent(site, &contact.id, RECENT));
    }
    let mut rows = scope.db.batch(&stmts).await?;
    if from.kind == AddressKind::Visitor {
        snapshot.recent = events::decode_events(rows.pop().unwrap_or_default())?;
    }
    let mut addresses = Vec::new();
    for answer in rows {
        addresses.extend(contacts::decode_handles(answer)?.into_iter().map(|handle| handle.address));
    }
    let line = identity::key(from);
    let typed = snapshot.conversation.iter().flat_map(|conversation| &conversation.typed);
    let typed_here = typed.filter(|typed| typed.on.contains(&line));
    addresses.extend(typed_here.map(|typed| Address::new(typed.kind, typed.key.clone())));
    let is_meant = |kind: AddressKind| {
        Channel::ALL.into_iter().any(|channel| AddressKind::of(channel) == kind && reach.covers(on, channel))
    };
    addresses.retain(|address| snapshot.known(address).is_none() && is_meant(address.kind));
    addresses.sort();
    addresses.dedup_by_key(|address| (address.kind, identity::key(address)));
    addresses.truncate(REACHED);
    if addresses.is_empty() {
        return Ok(());
    }
    let stmts: Vec<Stmt> = addresses.iter().flat_map(|address| questions(scope, address)).collect();
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    for address in &addresses {
        snapshot.addresses.push(decode_known(address, &mut rows)?);
    }
    Ok(())
}

/// How often a mailbox was asked to confirm, and the link by which it would; nothing without the key that signs it.
async fn load_asks<D: Db>(
    scope: Scope<'_, D>,
    mailbox: &Address,
    ctx: &Ctx,
) -> Result<Option<Asks>, DbError> {
    let Some(link) = scope.confirm_link(mailbox, ctx.now) else { return Ok(None) };
    let (site, name) = (&scope.site.id, plan::asked(mailbox));
    let since = ctx.now.plus_ms(-ASKED_MS);
    let stmts = [counters::counted(site, &name, ctx.now, DAY_MS), counters::summed(site, &name, since)];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || counters::decode(rows.next().unwrap_or_default());
    Ok(Some(Asks { link, today: next()?, lately: next()? }))
}

/// The newest events of a mailbox, newest first: what a mail may be a repeat of.
async fn load_newest<D: Db>(
    scope: Scope<'_, D>,
    conversation: Option<&Conversation>,
    mailbox: &Address,
    ctx: &Ctx,
) -> Result<Vec<Event>, DbError> {
    let Some(conversation) = conversation else { return Ok(Vec::new()) };
    let before = conversation.last_seq.saturating_sub(COMPARED);
    let (key, since) = (identity::key(mailbox), ctx.now.plus_ms(-repeat::WITHIN_MS));
    let stmt = events::after_on_line(&scope.site.id, &conversation.id, before, &key, since);
    let mut newest = events::decode_events(scope.db.query(&stmt).await?)?;
    newest.reverse();
    Ok(newest)
}

pub(super) fn typed<D: Db>(scope: Scope<'_, D>, channel: Channel, text: &str) -> Option<Address> {
    match channel {
        Channel::Sms => identity::parse_phone(text, &scope.site.region).ok(),
        Channel::Email => typed_email(text),
        _ => None,
    }
}

fn typed_email(text: &str) -> Option<Address> {
    identity::parse_email(text).ok()
}

/// The three questions about an address, in the order [`decode_known`] takes their answers.
pub(super) fn questions<D: Db>(scope: Scope<'_, D>, address: &Address) -> [Stmt; 3] {
    let site = &scope.site.id;
    [
        contacts::by_address(site, address),
        consents::chain(site, address),
        deliveries::suppressed(site, address.kind, &scope.hash(address)),
    ]
}

/// What is known of an address, from the next three answers.
pub(super) fn decode_known(
    address: &Address,
    rows: &mut impl Iterator<Item = Rows>,
) -> Result<Known, DbError> {
    let mut next = || rows.next().unwrap_or_default();
    let owner = contacts::decode_by_address(next())?.map(|(contact, handle)| (contact.id, handle));
    let chain = consents::decode_chain(next())?;
    let suppressed = next().rows.into_iter().next();
    let reason =
        suppressed.and_then(|row| row.get("reason").and_then(|value| value.as_str()).map(str::to_owned));
    Ok(Known { address: address.clone(), owner, chain, suppressed: reason })
}

async fn load_sender<'a, D: Db>(
    scope: Scope<'a, D>,
    arrival: &Arrival,
    from: &Address,
    typed: &[Address],
    ctx: &Ctx,
) -> Result<Snapshot<'a>, DbError> {
    let site = &scope.site.id;
    let mut stmts = vec![
        contacts::by_address(site, from),
        conversations::by_address(site, from),
        events::arrived(site, &arrival.endpoint, &arrival.external_id),
    ];
    stmts.extend(questions(scope, from));
    let own = conversation_of_visitor(from);
    stmts.extend(own.iter().map(|own| conversations::conversation(site, own)));
    stmts.extend(typed.iter().flat_map(|address| questions(scope, address)));
    if !typed.is_empty() {
        stmts.push(counters::counted(site, plan::FIRST, ctx.now, HOUR_MS));
    }
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let contact = contacts::decode_by_address(next())?.map(|(contact, _)| contact);
    let conversation = conversations::decode(next())?;
    let arrived = next().decode_first()?;
    let mut addresses = vec![decode_known(from, &mut rows)?];
    let begun = match own {
        Some(_) => conversations::decode(rows.next().unwrap_or_default())?,
        None => None,
    };
    let is_taken = contact.is_none() && begun.is_some();
    let (mut recent, mut facts, mut first_messages) = (Vec::new(), Vec::new(), 0);
    for address in typed {
        addresses.push(decode_known(address, &mut rows)?);
    }
    if !typed.is_empty() {
        first_messages = counters::decode(rows.next().unwrap_or_default())?;
        if let Some(contact) = &contact {
            let stmts = [events::recent(site, &contact.id, RECENT), consents::facts(site, &contact.id)];
            let mut rows = scope.db.batch(&stmts).await?.into_iter();
            recent = events::decode_events(rows.next().unwrap_or_default())?;
            let told = consents::decode_facts(rows.next().unwrap_or_default())?;
            facts = told.into_iter().map(|told| told.said).collect();
        }
    }
    Ok(Snapshot {
        site: scope.site,
        contact,
        conversation,
        arrived,
        addresses,
        joining: None,
        threads: Vec::new(),
        recent,
        facts,
        wish: None,
        planned: None,
        runs: Vec::new(),
        waiting: Waiting::default(),
        asks: None,
        tags: Vec::new(),
        failed: None,
        files: Vec::new(),
        rounds: None,
        first_messages,
        forms: 0,
        booked_for: 0,
        calendar: Calendar::default(),
        team: Team::default(),
        people: Box::new(People { is_taken, ..People::default() }),
    })
}

/// Whoever typed the sender's address lately and has proven no other: they are the sender.
async fn load_joining<D: Db>(
    scope: Scope<'_, D>,
    snapshot: &Snapshot<'_>,
    from: &Address,
    ctx: &Ctx,
) -> Result<Option<Joining>, DbError> {
    let (site, Some(sender)) = (&scope.site.id, &snapshot.contact) else { return Ok(None) };
    // Whoever writes from where several people are reached may be any of them.
    let own = snapshot.known(from).and_then(|known| known.owner.as_ref());
    if own.is_some_and(|(_, handle)| handle.is_shared) {
        return Ok(None);
    }
    let since = ctx.now.plus_ms(-CLAIM_MS);
    let claims =
        scope.db.query(&contacts::claims(site, from, since)).await?.decode_all::<contacts::Claim>()?;
    for claim in claims {
        let Some(side) = load_side(scope, &claim.contact_id).await? else { continue };
        let is_proven = side.handles.iter().any(|handle| handle.assurance >= Assurance::Possessed);
        if side.contact.id == sender.id || is_proven || side.conversation.is_none() {
            continue;
        }
        let stmts =
            [merges::is_apart(site, &side.contact.id, &sender.id), contacts::handles(site, &sender.id)];
        let mut rows = scope.db.batch(&stmts).await?.into_iter();
        // Whom somebody of the team has kept apart, no machine joins.
        if !rows.next().unwrap_or_default().rows.is_empty() {
            continue;
        }
        let known = contacts::decode_handles(rows.next().unwrap_or_default())?;
        let known = known.into_iter().map(|handle| handle.address).collect();
        return Ok(Some(Joining { side, claim: claim.event_id, known }));
    }
    Ok(None)
}

async fn load_answer<'a, D: Db>(
    scope: Scope<'a, D>,
    answer: &Answer,
    ctx: &Ctx,
) -> Result<Snapshot<'a>, DbError> {
    let site = &scope.site.id;
    let mut stmts = vec![
        conversations::conversation(site, &answer.conversation),
        contacts::of_conversation(site, &answer.conversation),
    ];
    stmts.extend(questions(scope, &answer.to));
    let awaits_silence = scope.site.sequences.iter().any(|sequence| sequence.silence_ms().is_some());
    if awaits_silence {
        stmts.push(runs::of_conversation(site, &answer.conversation));
    }
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let conversation = conversations::decode(next())?;
    let contact = contacts::decode_one(next())?;
    let to = decode_known(&answer.to, &mut rows)?;
    let runs = runs::decode(rows.next().unwrap_or_default())?;
    let addresses = vec![to];
    let mut snapshot = Snapshot { contact, conversation, addresses, runs, ..Snapshot::empty(scope.site) };
    if let Some(ask) = answer.draft.asked() {
        snapshot.calendar = load_calendar(scope, ask, None, snapshot.contact.as_ref(), ctx).await?;
    }
    let may_call = |act: &Act| matches!(act, Act::CallPerson { .. } | Act::MoveTo { .. } | Act::Appoint(_));
    if answer.draft.acts.iter().any(may_call) {
        snapshot.team = load_team(scope, Some(&answer.conversation), Some(answer.basis_seq)).await?;
    }
    if answer.draft.acts.iter().any(|act| matches!(act, Act::MoveTo { .. })) {
        load_ways(scope, answer, &mut snapshot, ctx).await?;
    }
    Ok(snapshot)
}

/// What going on elsewhere needs: the words that asked for it, and every address it may mean.
async fn load_ways<D: Db>(
    scope: Scope<'_, D>,
    answer: &Answer,
    snapshot: &mut Snapshot<'_>,
    ctx: &Ctx,
) -> Result<(), DbError> {
    let site = &scope.site.id;
    let stmts = [
        contacts::handles_of_conversation(site, &answer.conversation),
        events::recent_of_conversation(site, &answer.conversation, RECENT),
        counters::counted(site, plan::FIRST, ctx.now, HOUR_MS),
    ];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let handles = contacts::decode_handles(rows.next().unwrap_or_default())?;
    snapshot.recent = events::decode_events(rows.next().unwrap_or_default())?;
    snapshot.first_messages = counters::decode(rows.next().unwrap_or_default())?;
    let mut addresses: Vec<Address> = shared_handles(&handles, &answer.to)
        .filter(|handle| matches!(handle.address.kind, AddressKind::Phone | AddressKind::Email))
        .map(|handle| handle.address.clone())
        .collect();
    for act in &answer.draft.acts {
        if let Act::MoveTo { channel, address: Some(text), .. } = act {
            addresses.extend(typed(scope, *channel, text));
        }
    }
    addresses.retain(|address| !address.is_same(&answer.to));
    addresses.sort();
    addresses.dedup_by(|one, other| one.is_same(other));
    let stmts: Vec<Stmt> = addresses.iter().flat_map(|address| questions(scope, address)).collect();
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    for address in &addresses {
        snapshot.addresses.push(decode_known(address, &mut rows)?);
    }
    Ok(())
}

/// The handles that whoever writes from `line` may use without naming them: all of the contact's once the line is
/// proven, before that only those typed on it.
pub(super) fn shared_handles<'a>(handles: &'a [Handle], line: &Address) -> impl Iterator<Item = &'a Handle> {
    let own = handles.iter().find(|handle| handle.address == *line);
    let proven = own.is_some_and(|handle| handle.assurance >= Assurance::Possessed && !handle.is_shared);
    let owner: Option<ContactId> = own.map(|handle| handle.owner.clone());
    handles.iter().filter(move |handle| proven || Some(&handle.owner) == owner.as_ref())
}

/// What is known of one address.
pub(super) async fn known<D: Db>(scope: Scope<'_, D>, address: &Address) -> Result<Known, DbError> {
    let mut rows = scope.db.batch(&questions(scope, address)).await?.into_iter();
    decode_known(address, &mut rows)
}
