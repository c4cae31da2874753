//! Attempts a commit's effects. Every one is a hint: losing it is healed by a cursor or by the sweep.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use shared::{
    channel::{Channel, provider::Secrets},
    command::Command,
    effect::Effect,
    event::Event,
    flow::{self, catch_up, deliver::load_delivery, files, notices::load_notice, work::digest},
    id::{ConversationId, DeliveryId, NoticeId, SiteId, VisitorId, WebhookId},
    message::DeliveryState,
    store::{Db, counters, erasures},
    time::{DAY_MS, MINUTE_MS, Timestamp},
    wire::{Receipt, ServerFrame},
};
use worker::{Delay, Method, Request, RequestInit, SendMessage, console_error};

use crate::{
    app::App,
    desk,
    error::EdgeError,
    fetcher::Fetcher,
    files::Store,
    room::{Wake, ask_to_wake, present, writes},
    think,
};

/// How long an invocation may wait for something that is not due yet, in milliseconds; the sweep does the rest.
const WAIT_AT_MOST_MS: i64 = 20_000;

/// A hint on the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Job {
    /// Something waits in the outbox.
    Deliver {
        /// What.
        delivery: DeliveryId,
    },
    /// A notice waits to be sent to somebody of a team.
    Notify {
        /// Which.
        notice: NoticeId,
    },
    /// Something waits to be sent to a webhook.
    Webhook {
        /// The site.
        site: SiteId,
        /// To which.
        webhook: WebhookId,
        /// What.
        send: String,
    },
}

/// Frames for the sockets of one visitor; all visitors of the conversation where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tell {
    pub(crate) visitor: Option<VisitorId>,
    pub(crate) frames: Vec<ServerFrame>,
}

/// Attempts effects after the answer. What one Room is to show goes there in one request.
pub(crate) fn perform(app: &App, effects: Vec<Effect>) {
    let mut rooms: BTreeMap<ConversationId, Vec<Tell>> = BTreeMap::new();
    let mut others = Vec::new();
    for effect in effects {
        match effect {
            Effect::Show { site, mut events } => {
                show_files(app, &site, &mut events);
                desk::tell_of(app, &site, &events);
                for (conversation, tells) in shown(&events) {
                    rooms.entry(conversation).or_default().extend(tells);
                }
            }
            Effect::Seen { conversation, to, seq } => {
                let Some(visitor) = catch_up::visitor_of(&to) else { continue };
                // An answer that says nothing brings no item that would end the sign of writing.
                let frames = vec![ServerFrame::Receipt { seq, state: Receipt::Read }, writes(false)];
                let tell = Tell { visitor: Some(visitor), frames };
                rooms.entry(conversation).or_default().push(tell);
            }
            Effect::Moved { from, to } => {
                let frames = vec![ServerFrame::Moved { conversation: to }];
                rooms.entry(from).or_default().push(Tell { visitor: None, frames });
            }
            other => others.push(other),
        }
    }
    for (conversation, tells) in rooms {
        let then = app.clone();
        app.spawn(async move {
            if let Err(error) = tell_room(&then, &conversation, &tells).await {
                error.log("tell");
            }
        });
    }
    for effect in others {
        let app_then = app.clone();
        app.spawn(async move {
            if let Err(error) = attempt(&app_then, effect).await {
                error.log("effect");
            }
        });
    }
}

async fn attempt(app: &App, effect: Effect) -> Result<(), EdgeError> {
    // What waits for its time is the Room's to wake for.
    if let Some((site, conversation, at)) = effect.waits_in()
        && at > app.context().now
    {
        return ask_to_wake(app, &Wake { site: site.clone(), conversation: conversation.clone(), at }).await;
    }
    match effect {
        // Told to the Rooms already.
        Effect::Show { .. } | Effect::Seen { .. } | Effect::Moved { .. } => Ok(()),
        Effect::EraseFiles { .. } => remove_files(app).await,
        Effect::Think { site, conversation, due_at } => {
            if wait_until(app, due_at).await {
                think::think(app, &site, &conversation).await?;
            }
            Ok(())
        }
        Effect::Deliver { delivery, due_at } => hint(app, Job::Deliver { delivery }, due_at).await,
        Effect::Notify { notice, due_at } => hint(app, Job::Notify { notice }, due_at).await,
        Effect::Webhook { site, webhook, send, due_at } => {
            hint(app, Job::Webhook { site, webhook, send }, due_at).await
        }
        Effect::Speak { site, conversation, planned, .. } => {
            let Some(site) = app.site(&site).await? else { return Ok(()) };
            let command = Command::Speak { planned, present: visitors(app, &conversation).await? };
            let handled = flow::handle(app.scope(&site), &mut app.context(), &command).await?;
            perform(app, handled.effects);
            Ok(())
        }
        Effect::Step { site, run, .. } => {
            let conversation = run.conversation.clone();
            let Some(site) = app.site(&site).await? else { return Ok(()) };
            let present = visitors(app, &conversation).await?;
            let http = Fetcher { app, site: &site };
            let handled = flow::step(app.scope(&site), &http, &mut app.context(), run, present).await?;
            perform(app, handled.effects);
            Ok(())
        }
        Effect::Overdue { site, conversation, .. } => {
            let Some(site) = app.site(&site).await? else { return Ok(()) };
            let command = Command::Overdue(conversation);
            let handled = flow::handle(app.scope(&site), &mut app.context(), &command).await?;
            perform(app, handled.effects);
            Ok(())
        }
        Effect::Awake { site, conversation, .. } => {
            let Some(site) = app.site(&site).await? else { return Ok(()) };
            let command = Command::Awake(conversation);
            let handled = flow::handle(app.scope(&site), &mut app.context(), &command).await?;
            perform(app, handled.effects);
            Ok(())
        }
    }
}

/// The visitors who have the chat open right now.
async fn visitors(app: &App, conversation: &ConversationId) -> Result<Vec<VisitorId>, EdgeError> {
    Ok(present(app, conversation).await?.into_iter().map(|present| present.visitor).collect())
}

/// Gives the files of new events the links by which whoever may see the events gets them.
pub(crate) fn show_files(app: &App, site: &SiteId, events: &mut [Event]) {
    if let Some(key) = app.secrets.secret("SIGNING_KEY") {
        files::show_events(&key, site, app.context().now, events);
    }
}

/// Removes the files that are due; what fails is done by the next sweep.
async fn remove_files(app: &App) -> Result<(), EdgeError> {
    files::remove_due(&*app.db, &Store { app }, app.context().now).await?;
    Ok(())
}

/// What each visitor may see of new events, by conversation.
pub(crate) fn shown(events: &[Event]) -> BTreeMap<ConversationId, Vec<Tell>> {
    let mut rooms: BTreeMap<ConversationId, Vec<Tell>> = BTreeMap::new();
    for event in events.iter().filter(|event| event.channel == Channel::Widget) {
        let Ok(visitor) = VisitorId::parse(&event.address_key) else { continue };
        let Some(item) = event.item_for(&catch_up::address_of(&visitor)) else { continue };
        let tells = rooms.entry(event.conversation.clone()).or_default();
        let frame = ServerFrame::Item(item);
        match tells.iter_mut().find(|tell| tell.visitor.as_ref() == Some(&visitor)) {
            Some(tell) => tell.frames.push(frame),
            None => tells.push(Tell { visitor: Some(visitor), frames: vec![frame] }),
        }
    }
    rooms
}

/// Sends frames through a conversation's Room, in order.
pub(crate) async fn tell_room(
    app: &App,
    conversation: &ConversationId,
    tells: &[Tell],
) -> Result<(), EdgeError> {
    let body = serde_json::to_string(tells).map_err(worker::Error::from)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(body.into()));
    let request = Request::new_with_init("https://room/tell", &init)?;
    app.room(conversation)?.fetch_with_request(request).await?;
    Ok(())
}

/// Waits until something is due; `false` where that is too far off and left to the sweep.
pub(crate) async fn wait_until(app: &App, due_at: Timestamp) -> bool {
    let left = due_at.since_ms(app.context().now);
    if left > WAIT_AT_MOST_MS {
        return false;
    }
    if let Ok(left @ 1..) = u64::try_from(left) {
        Delay::from(Duration::from_millis(left)).await;
    }
    true
}

async fn hint(app: &App, job: Job, due_at: Timestamp) -> Result<(), EdgeError> {
    let queue = app.env.queue("JOBS").map_err(|_| EdgeError::missing("JOBS"))?;
    // Rounded up: a hint that is early finds nothing to do.
    let wait_ms = u64::try_from(due_at.since_ms(app.context().now)).unwrap_or(0);
    let seconds = u32::try_from(wait_ms.div_ceil(1_000)).unwrap_or(u32::MAX).min(12 * 3_600);
    let job = worker::MessageBuilder::new(job).delay_seconds(seconds).build();
    let job: SendMessage<Job> = job;
    queue.send(job).await?;
    Ok(())
}

/// Follows a hint.
pub(crate) async fn run_job(app: &App, job: &Job) -> Result<(), EdgeError> {
    match job {
        Job::Deliver { delivery } => deliver(app, delivery).await,
        Job::Notify { notice } => notify(app, notice).await,
        Job::Webhook { site, webhook, send } => {
            let Some(site) = app.site(site).await? else { return Ok(()) };
            let (http, mut ctx) = (Fetcher { app, site: &site }, app.context());
            let effects = flow::webhooks::send(app.scope(&site), &http, &mut ctx, (webhook, send)).await?;
            perform(app, effects);
            Ok(())
        }
    }
}

async fn notify(app: &App, notice: &NoticeId) -> Result<(), EdgeError> {
    let Some(waiting) = load_notice(&*app.db, notice).await? else { return Ok(()) };
    let due_at = waiting.notice.due_at;
    if waiting.state == DeliveryState::Pending && due_at > app.context().now {
        return hint(app, Job::Notify { notice: waiting.notice.id }, due_at).await;
    }
    let Some(site) = app.site(&waiting.site).await? else { return Ok(()) };
    let (http, mut ctx) = (Fetcher { app, site: &site }, app.context());
    let effects = flow::notices::notify(app.scope(&site), &http, &mut ctx, &waiting).await?;
    perform(app, effects);
    Ok(())
}

async fn deliver(app: &App, delivery: &DeliveryId) -> Result<(), EdgeError> {
    let Some(delivery) = load_delivery(&*app.db, delivery).await? else { return Ok(()) };
    // A hint may reach less far than what it is about.
    if delivery.state == DeliveryState::Pending && delivery.due_at > app.context().now {
        return hint(app, Job::Deliver { delivery: delivery.id }, delivery.due_at).await;
    }
    // By its own site: the line may be gone, and then the delivery has to end.
    let Some(site) = app.site(&delivery.site).await? else { return Ok(()) };
    let site = &*site;
    let (http, mut ctx) = (Fetcher { app, site }, app.context());
    let effects = flow::deliver::deliver(app.scope(site), &http, &mut ctx, &delivery).await?;
    perform(app, effects);
    Ok(())
}

/// Counts a hint that was given up, under its site's `jobs.dead` of the day: the sweep goes on with what it meant.
pub(crate) async fn bury(app: &App, job: &Job) -> Result<(), EdgeError> {
    let site = match job {
        Job::Deliver { delivery } => load_delivery(&*app.db, delivery).await?.map(|it| it.site),
        Job::Notify { notice } => load_notice(&*app.db, notice).await?.map(|it| it.site),
        Job::Webhook { site, .. } => Some(site.clone()),
    };
    let Some(site) = site else { return Ok(()) };
    console_error!("job: the hint of {job:?} was given up");
    app.db.query(&counters::count(&site, "jobs.dead", app.context().now, DAY_MS, 1)).await?;
    Ok(())
}

/// Does what is due although its hint was lost.
pub(crate) async fn sweep(app: &App) -> Result<(), EdgeError> {
    if let Err(error) = forget_people(app).await {
        error.log("retention");
    }
    if let Err(error) = remove_files(app).await {
        error.log("files");
    }
    let effects = flow::sweep::sweep(&*app.db, &app.context()).await?;
    for effect in effects {
        let job = match effect {
            Effect::Deliver { delivery, .. } => Job::Deliver { delivery },
            Effect::Notify { notice, .. } => Job::Notify { notice },
            // A webhook's by the queue as well: whoever is slow to answer holds up nobody here.
            other => {
                perform(app, vec![other]);
                continue;
            }
        };
        if let Err(error) = run_job(app, &job).await {
            error.log("sweep");
        }
    }
    Ok(())
}

/// How many sites are asked at once.
const RETAINING: u32 = 20;

/// Erases people whom their site keeps no longer: once an hour, a few of each site.
async fn forget_people(app: &App) -> Result<(), EdgeError> {
    if app.context().now.ms() / MINUTE_MS % 60 != 17 {
        return Ok(());
    }
    let mut after = String::new();
    loop {
        let sites = erasures::load_retaining(&*app.db, &after, RETAINING).await?;
        let Some(last) = sites.last() else { return Ok(()) };
        after = last.id.to_string();
        for site in sites {
            let erased = flow::people::erase::erase_silent(app.scope(&site), &mut app.context()).await;
            perform(app, erased?);
        }
    }
}

/// Takes what was committed into the search and the counts, for the sites whose turn it is.
pub(crate) async fn digest(app: &App) -> Result<(), EdgeError> {
    for site in digest::load_due(&*app.db).await? {
        let Some(site) = app.site(&site).await? else { continue };
        if let Err(error) = digest::digest(app.scope(&site), &app.context()).await {
            EdgeError::from(error).log("digest");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use shared::{
        event::{Body, Message},
        id::EventId,
        wire::Speaker,
    };

    use super::*;

    fn said(channel: Channel, address_key: &str, seq: u32) -> Event {
        Event {
            conversation: ConversationId::parse("cnv_1").unwrap(),
            seq,
            id: EventId::parse(&format!("evt_{seq}")).unwrap(),
            at: Timestamp::from_ms(0),
            channel,
            address_key: address_key.to_owned(),
            speaker: Speaker::Assistant,
            body: Body::Message(Message { text: "hello".to_owned(), ..Message::default() }),
        }
    }

    #[test]
    fn a_browser_is_shown_its_own_line_and_no_other() {
        let events = [
            said(Channel::Widget, "vis_1", 1),
            said(Channel::Sms, "+14155552671", 2),
            said(Channel::Widget, "vis_2", 3),
            said(Channel::Widget, "vis_1", 4),
        ];
        let rooms = shown(&events);
        let told: Vec<_> = rooms
            .into_values()
            .flatten()
            .map(|tell| (tell.visitor.map(String::from).unwrap_or_default(), tell.frames.len()))
            .collect();
        assert_eq!(told, [("vis_1".to_owned(), 2), ("vis_2".to_owned(), 1)]);
    }

    #[test]
    fn a_job_stays_readable_in_the_queue() {
        let job = Job::Deliver { delivery: DeliveryId::parse("dlv_1").unwrap() };
        let text = r#"{"deliver":{"delivery":"dlv_1"}}"#;
        assert_eq!(serde_json::to_string(&job).unwrap(), text);
        assert_eq!(serde_json::from_str::<Job>(text).unwrap(), job);
        let job = Job::Notify { notice: NoticeId::parse("ntc_1").unwrap() };
        assert_eq!(serde_json::to_string(&job).unwrap(), r#"{"notify":{"notice":"ntc_1"}}"#);
    }
}
