//! The Room: one Durable Object per conversation.
//!
//! It holds the sockets (hibernating: an idle conversation costs nothing), relays streamed text, and takes the frames of
//! its visitors in order of arrival. Truth is in the database; a Room may vanish at any moment and loses only what a
//! cursor brings back. It never waits for a model: an answer that is owed is handed to a Worker invocation, and waits a
//! moment for a visitor who writes on. While it is made the visitor is told so, and an alarm looks after it.

mod presence;
mod turn;
mod wake;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use futures_channel::oneshot;
use futures_util::future::select;
use serde::{Deserialize, Serialize};
use shared::{
    command::VisitorHints,
    effect::Effect,
    flow::{self, catch_up},
    id::{ConversationId, EndpointId, VisitorId},
    site::{Endpoint, Site},
    time::Timestamp,
    wire::{ClientFrame, MAX_FRAME_BYTES, Receipt, SUBPROTOCOL, ServerFrame, Speaker},
};
use worker::{
    Delay, DurableObject, Env, Headers, Request, Response, Result, State, WebSocket,
    WebSocketIncomingMessage, WebSocketPair, durable_object,
};

use crate::{
    app::{App, Spawn},
    clock, desk,
    error::EdgeError,
    perform::{Tell, perform, show_files, shown},
};

use self::turn::Held;
pub(crate) use self::{
    presence::present,
    turn::HandedTurn,
    wake::{Wake, ask as ask_to_wake},
};

/// How long a poll waits for something new, in milliseconds.
const POLL_MS: u64 = 20_000;
/// How long a Room trusts what it read of a site, in milliseconds.
const SITE_MS: i64 = 10_000;

/// What a socket's visitor told; survives hibernation with the socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Attached {
    visitor: String,
    endpoint: String,
    locale: String,
    time_zone: String,
    /// When they last said that they type; none once they stopped.
    typed_at: Option<Timestamp>,
}

/// Somebody who waits for news without a socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Poll {
    pub(crate) visitor: VisitorId,
    pub(crate) endpoint: EndpointId,
    pub(crate) conversation: ConversationId,
    /// The last place they hold.
    pub(crate) after: u32,
}

/// A frame that came without a socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Posted {
    pub(crate) visitor: VisitorId,
    pub(crate) endpoint: EndpointId,
    pub(crate) locale: String,
    pub(crate) time_zone: String,
    pub(crate) frame: ClientFrame,
}

/// What became of a frame.
struct Taken {
    app: App,
    /// What its sender is answered.
    frames: Vec<ServerFrame>,
    effects: Vec<Effect>,
}

type Waiter = (VisitorId, oneshot::Sender<()>);
type ReadSite = (Timestamp, Rc<(Site, Endpoint)>);

/// One conversation's Room.
#[durable_object]
pub struct Room {
    state: Rc<State>,
    env: Env,
    waiters: RefCell<Vec<Waiter>>,
    site: RefCell<Option<ReadSite>>,
    held: RefCell<Option<Held>>,
    /// How many messages are just being committed.
    taking: Cell<u32>,
}

impl DurableObject for Room {
    fn new(state: State, env: Env) -> Self {
        Self {
            state: Rc::new(state),
            env,
            waiters: RefCell::default(),
            site: RefCell::default(),
            held: RefCell::default(),
            taking: Cell::default(),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let answered = match request.path().as_str() {
            "/socket" => self.accept(&request),
            "/tell" => {
                let tells: Vec<Tell> = request.json().await?;
                for tell in &tells {
                    self.tell(tell);
                }
                Response::empty().map_err(EdgeError::from)
            }
            "/frame" => {
                let posted: Posted = request.json().await?;
                self.answer_posted(posted).await
            }
            "/wake" => {
                let wake: Wake = request.json().await?;
                let woken = self.wake_at(&wake).await;
                woken.and_then(|()| Response::empty().map_err(EdgeError::from))
            }
            "/present" => Response::from_json(&self.present()).map_err(EdgeError::from),
            "/poll" => {
                let poll: Poll = request.json().await?;
                self.answer_poll(&poll).await
            }
            _ => Err(EdgeError::not_found()),
        };
        answered.or_else(EdgeError::into_response)
    }

    async fn alarm(&self) -> Result<Response> {
        // The platform tries again what failed.
        self.looks().await.map_err(|error| {
            error.log("alarm");
            worker::Error::RustError(error.to_string())
        })?;
        Response::empty()
    }

    async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        let WebSocketIncomingMessage::String(text) = message else {
            return send(&ws, &[trouble("malformed", "Frames are JSON text.")]);
        };
        if text == "ping" {
            return ws.send_with_str("pong");
        }
        if text.len() > MAX_FRAME_BYTES {
            return send(&ws, &[trouble("malformed", "That frame is too large.")]);
        }
        let Ok(frame) = serde_json::from_str::<ClientFrame>(&text) else {
            return send(&ws, &[trouble("malformed", "That is not a frame this version knows.")]);
        };
        let Some(mut attached) = ws.deserialize_attachment::<Attached>()? else { return Ok(()) };
        let Ok(visitor) = VisitorId::parse(&attached.visitor) else { return Ok(()) };
        let Ok(endpoint) = EndpointId::parse(&attached.endpoint) else { return Ok(()) };
        match &frame {
            ClientFrame::Hello { locale, time_zone, .. } => {
                attached.locale.clone_from(locale);
                attached.time_zone.clone_from(time_zone);
                ws.serialize_attachment(&attached)?;
            }
            ClientFrame::Typing { on } => {
                attached.typed_at = on.then(|| clock::context(0).now);
                ws.serialize_attachment(&attached)?;
                self.let_go();
            }
            _ => {}
        }
        let hints = VisitorHints { locale: attached.locale, time_zone: attached.time_zone };
        let frames = match self.take(&visitor, &endpoint, hints, &frame).await {
            Ok(frames) => frames,
            Err(error) => {
                error.log("frame");
                vec![refused(&frame, &error)]
            }
        };
        send(&ws, &frames)?;
        if frames.contains(&writes(true)) {
            let tabs = self.state.get_websockets_with_tag(visitor.as_str());
            // A tab that is closing needs to know nothing more.
            tabs.iter().filter(|tab| **tab != ws).for_each(|tab| drop(send(tab, &[writes(true)])));
        }
        Ok(())
    }

    async fn websocket_close(&self, ws: WebSocket, code: usize, _reason: String, _clean: bool) -> Result<()> {
        // 1005 and 1006 are for a close without a code, and may not be sent.
        let code = u16::try_from(code).ok().filter(|code| !(1005..=1006).contains(code));
        let _ = ws.close(code.or(Some(1000)), Some(""));
        Ok(())
    }

    async fn websocket_error(&self, _ws: WebSocket, _error: worker::Error) -> Result<()> {
        Ok(())
    }
}

impl Room {
    /// Does what the alarm went for, and sets it for what comes next.
    async fn looks(&self) -> std::result::Result<(), EdgeError> {
        let app = self.app().await?;
        let (turn, woke) = (self.look_after(&app).await, self.wakes(&app).await);
        wake::set_alarm(&app, &self.state).await?;
        turn.and(woke)
    }

    /// Accepts a socket; who it belongs to was checked before it came here.
    fn accept(&self, request: &Request) -> std::result::Result<Response, EdgeError> {
        let header = |name: &str| request.headers().get(name).ok().flatten().unwrap_or_default();
        let (visitor, endpoint) = (header("x-visitor"), header("x-endpoint"));
        let pair = WebSocketPair::new()?;
        self.state.accept_websocket_with_tags(&pair.server, &[&visitor]);
        let (locale, time_zone) = (String::new(), String::new());
        pair.server.serialize_attachment(Attached {
            visitor,
            endpoint,
            locale,
            time_zone,
            typed_at: None,
        })?;
        let headers = Headers::new();
        headers.set("sec-websocket-protocol", SUBPROTOCOL)?;
        Ok(Response::from_websocket(pair.client)?.with_headers(headers))
    }

    async fn answer_posted(&self, posted: Posted) -> std::result::Result<Response, EdgeError> {
        let hints = VisitorHints { locale: posted.locale, time_zone: posted.time_zone };
        let taken = self.take(&posted.visitor, &posted.endpoint, hints, &posted.frame).await;
        let frames = taken.or_else(|error| match &error {
            // What may be sent again as it is keeps its status and its `retry-after`, as HTTP has words for that.
            EdgeError::Rejected(rejection) if rejection.status == 429 => Err(error),
            EdgeError::Rejected(_) | EdgeError::Malformed(_) => Ok(vec![refused(&posted.frame, &error)]),
            _ => Err(error),
        })?;
        Ok(Response::from_json(&frames)?)
    }

    /// Takes a frame: commits what it says, then answers and shows it.
    async fn take(
        &self,
        visitor: &VisitorId,
        endpoint: &EndpointId,
        hints: VisitorHints,
        frame: &ClientFrame,
    ) -> std::result::Result<Vec<ServerFrame>, EdgeError> {
        match frame {
            ClientFrame::Typing { .. } | ClientFrame::Read { .. } => Ok(Vec::new()),
            ClientFrame::Say { .. } => {
                self.stops_typing(visitor);
                self.taking.set(self.taking.get() + 1);
                let taken = self.commit(visitor, endpoint, hints, frame).await;
                self.taking.set(self.taking.get() - 1);
                let frames = taken.map(|taken| self.after(visitor, taken));
                self.let_go();
                frames
            }
            _ => Ok(self.after(visitor, self.commit(visitor, endpoint, hints, frame).await?)),
        }
    }

    /// Commits what a frame says; nothing is shown or handed on yet.
    async fn commit(
        &self,
        visitor: &VisitorId,
        endpoint: &EndpointId,
        hints: VisitorHints,
        frame: &ClientFrame,
    ) -> std::result::Result<Taken, EdgeError> {
        let app = self.app().await?;
        let known = self.site(&app, endpoint).await?;
        let (site, endpoint) = &*known;
        let scope = app.scope(site);
        if let ClientFrame::Hello { conversation, last_seq, .. } = frame {
            let ready =
                catch_up::ready(scope, visitor, conversation.as_ref(), *last_seq, app.context().now).await?;
            return Ok(Taken { app, frames: vec![ready], effects: Vec::new() });
        }
        let mut ctx = app.context();
        let Some(command) = catch_up::command_of(frame, visitor, endpoint, Some(&hints), &ctx) else {
            return Ok(Taken { app, frames: Vec::new(), effects: Vec::new() });
        };
        let handled = flow::handle(scope, &mut ctx, &command).await?;
        let mut frames = Vec::new();
        if let Some((id, seq, at)) = handled.accepted {
            frames.push(ServerFrame::Accepted { id, seq, at });
            frames.push(ServerFrame::Receipt { seq, state: Receipt::Delivered });
        }
        Ok(Taken { app, frames, effects: handled.effects })
    }

    /// Shows what concerns this Room itself, hands on the rest, and gives what the sender is answered.
    fn after(&self, visitor: &VisitorId, taken: Taken) -> Vec<ServerFrame> {
        let Taken { app, mut frames, effects } = taken;
        let mut rest = Vec::new();
        for effect in effects {
            match effect {
                Effect::Show { site, mut events } => {
                    show_files(&app, &site, &mut events);
                    desk::tell_of(&app, &site, &events);
                    for tell in shown(&events).into_values().flatten() {
                        self.tell(&tell);
                    }
                }
                Effect::Think { site, conversation, due_at } => {
                    frames.push(writes(true));
                    self.owe(&app, visitor, HandedTurn { site, conversation, due_at });
                }
                other => rest.push(other),
            }
        }
        perform(&app, rest);
        frames
    }

    /// Sends frames to a visitor's sockets, or to everybody's, and wakes whoever polls.
    fn tell(&self, tell: &Tell) {
        let sockets = match &tell.visitor {
            Some(visitor) => self.state.get_websockets_with_tag(visitor.as_str()),
            None => self.state.get_websockets(),
        };
        for ws in sockets {
            // A socket that is closing catches up by its cursor when it comes back.
            let _ = send(&ws, &tell.frames);
            // Whoever is moved comes back to the other conversation's Room.
            if tell.frames.iter().any(|frame| matches!(frame, ServerFrame::Moved { .. })) {
                let _ = ws.close(Some(1012), Some("moved"));
            }
        }
        // Whoever polls is shown whole messages only.
        if !tell.frames.iter().any(|frame| matches!(frame, ServerFrame::Item(_) | ServerFrame::Moved { .. }))
        {
            return;
        }
        let mut waiters = self.waiters.borrow_mut();
        let waiting = std::mem::take(&mut *waiters);
        for (visitor, waiter) in waiting {
            if tell.visitor.as_ref().is_none_or(|told| *told == visitor) {
                let _ = waiter.send(());
            } else {
                waiters.push((visitor, waiter));
            }
        }
    }

    /// What is new after the visitor's cursor, as soon as there is something, or nothing after a while. Whoever polls is
    /// woken from before the first look, so that nothing falls between that and the waiting.
    async fn answer_poll(&self, poll: &Poll) -> std::result::Result<Response, EdgeError> {
        let (sender, told) = oneshot::channel();
        self.waiters.borrow_mut().push((poll.visitor.clone(), sender));
        let app = self.app().await?;
        let known = self.site(&app, &poll.endpoint).await?;
        let look = || {
            catch_up::ready(
                app.scope(&known.0),
                &poll.visitor,
                Some(&poll.conversation),
                poll.after,
                app.context().now,
            )
        };
        let mut ready = look().await?;
        if matches!(&ready, ServerFrame::Ready { items, .. } if !items.is_empty()) {
            drop(told);
        } else {
            select(told, Delay::from(Duration::from_millis(POLL_MS))).await;
            ready = look().await?;
        }
        self.waiters.borrow_mut().retain(|(_, waiter)| !waiter.is_canceled());
        Ok(Response::from_json(&[ready])?)
    }

    async fn app(&self) -> std::result::Result<App, EdgeError> {
        let state = Rc::clone(&self.state);
        let spawn: Spawn = Rc::new(move |future| state.wait_until(future));
        App::start(self.env.clone(), spawn).await
    }

    async fn site(&self, app: &App, id: &EndpointId) -> std::result::Result<Rc<(Site, Endpoint)>, EdgeError> {
        let now = app.context().now;
        if let Some((read_at, known)) = &*self.site.borrow()
            && now.since_ms(*read_at) < SITE_MS
            && known.1.id == *id
        {
            return Ok(Rc::clone(known));
        }
        let known = Rc::new(app.endpoint(id).await?);
        *self.site.borrow_mut() = Some((now, Rc::clone(&known)));
        Ok(known)
    }
}

fn send(ws: &WebSocket, frames: &[ServerFrame]) -> Result<()> {
    for frame in frames {
        ws.send_with_str(serde_json::to_string(frame)?)?;
    }
    Ok(())
}

/// That the assistant writes, or does no longer.
pub(crate) const fn writes(on: bool) -> ServerFrame {
    ServerFrame::Typing { speaker: Speaker::Assistant, on }
}

fn trouble(code: &str, text: &str) -> ServerFrame {
    ServerFrame::Trouble { code: code.to_owned(), text: text.to_owned() }
}

/// The refusal of a frame, naming its message where it has one.
fn refused(frame: &ClientFrame, error: &EdgeError) -> ServerFrame {
    let (_, failure) = error.failure();
    let retry_after_ms = match error {
        EdgeError::Rejected(rejection) => rejection.retry_after_ms,
        EdgeError::Malformed(_) => None,
        _ => Some(2_000),
    };
    match frame {
        ClientFrame::Say { id, .. } | ClientFrame::Continue { id, .. } | ClientFrame::Person { id, .. } => {
            ServerFrame::Refused { id: id.clone(), code: failure.code, text: failure.text, retry_after_ms }
        }
        _ => trouble(&failure.code, &failure.text),
    }
}
