//! The answer a Room's conversation waits for: held back while the visitor writes on, then handed to a Worker invocation.
//!
//! Only the newest turn is held: it takes in whatever an older one would have. Nothing here is truth: the database knows
//! what is owed, and handing a turn on twice is harmless, because one claim wins. So an alarm hands it on again while it
//! stays owed; after a few times that is left to the sweep.

use std::{rc::Rc, time::Duration};

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use serde::{Deserialize, Serialize};
use shared::{
    flow::think,
    id::{ConversationId, SiteId, VisitorId},
    time::Timestamp,
};
use worker::{Delay, Headers, Method, RequestInit, State, WebSocket};

use super::{Attached, Room, wake};
use crate::{app::App, auth, clock, error::EdgeError};

/// How long a visitor who writes on puts off the answer at most, in milliseconds.
const HOLD_MS: u64 = 1_500;
/// How long a sign of typing is believed without another, in milliseconds: the panel gives one every two seconds.
const TYPING_MS: i64 = 5_000;

/// Where the Room keeps the turn its alarm looks after.
const KEPT: &str = "turn";
/// How long after a turn was due the alarm looks after it, in milliseconds; twice as long every time.
const ALARM_MS: i64 = 4_000;
/// How often it does: about as long as the sweep, which comes every minute, takes to come by.
const ALARMS: u32 = 4;

/// A turn that an alarm looks after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    turn: HandedTurn,
    /// How often it was handed on again.
    again: u32,
    /// When it is looked at.
    at: Timestamp,
}

impl Kept {
    /// A turn that was handed on so often.
    fn of(app: &App, turn: HandedTurn, again: u32) -> Self {
        let at = turn.due_at.max(app.context().now).plus_ms(ALARM_MS << again.min(ALARMS));
        Self { turn, again, at }
    }
}

/// A turn that waits for its visitor to stop writing. Dropped, it is not handed on at all.
pub(super) struct Held {
    visitor: VisitorId,
    go: oneshot::Sender<()>,
}

/// A turn handed to a Worker invocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HandedTurn {
    pub(crate) site: SiteId,
    pub(crate) conversation: ConversationId,
    pub(crate) due_at: Timestamp,
}

impl Room {
    /// Hands a turn on: at once, or as soon as its visitor does not write on, or after a while.
    pub(super) fn owe(&self, app: &App, visitor: &VisitorId, turn: HandedTurn) {
        let (held, told) = if self.writes_on(visitor) {
            let (go, told) = oneshot::channel();
            (Some(Held { visitor: visitor.clone(), go }), Some(told))
        } else {
            (None, None)
        };
        *self.held.borrow_mut() = held;
        let kept = Kept::of(app, turn.clone(), 0);
        let then = app.clone();
        app.spawn(async move {
            if let Some(told) = told
                && is_superseded(told).await
            {
                return;
            }
            if let Err(error) = hand_on(&then, &turn).await {
                error.log("hand on");
            }
        });
        // After the turn is on its way, because what goes out after a write waits until that is confirmed.
        let (then, state) = (app.clone(), Rc::clone(&self.state));
        app.spawn(async move {
            // Where this fails, the sweep comes within a minute.
            if let Err(error) = keep(&then, &state, &kept).await {
                error.log("alarm");
            }
        });
    }

    /// Lets the turn go that is held, unless its visitor still writes.
    pub(super) fn let_go(&self) {
        let held = self.held.take();
        match held {
            Some(held) if self.writes_on(&held.visitor) => *self.held.borrow_mut() = Some(held),
            // Whoever waited for it may have waited long enough already.
            Some(held) => drop(held.go.send(())),
            None => {}
        }
    }

    /// The alarm: hands the turn on again that is still owed, and forgets one that is not.
    pub(super) async fn look_after(&self, app: &App) -> Result<(), EdgeError> {
        let storage = self.state.storage();
        let Some(kept) = storage.get::<Kept>(KEPT).await? else { return Ok(()) };
        if kept.at > app.context().now {
            return Ok(());
        }
        let turn = &kept.turn;
        let owed = think::is_owed(&*app.db, &turn.site, &turn.conversation).await?;
        if owed {
            hand_on(app, turn).await?;
        }
        // A message that came meanwhile has left a turn of its own.
        if storage.get::<Kept>(KEPT).await?.as_ref() != Some(&kept) {
            return Ok(());
        }
        let again = kept.again + 1;
        if owed && again < ALARMS {
            storage.put(KEPT, &Kept::of(app, kept.turn, again)).await?;
        } else {
            storage.delete(KEPT).await?;
        }
        Ok(())
    }

    /// A message has come: whatever its visitor was typing is in it.
    pub(super) fn stops_typing(&self, visitor: &VisitorId) {
        for ws in self.state.get_websockets_with_tag(visitor.as_str()) {
            if let Some(attached) = attached(&ws).filter(|attached| attached.typed_at.is_some()) {
                // A sign that stays is soon too old to be believed.
                let _ = ws.serialize_attachment(Attached { typed_at: None, ..attached });
            }
        }
    }

    /// Whether more of the visitor's words are to be expected: they type, or a message is just being committed.
    fn writes_on(&self, visitor: &VisitorId) -> bool {
        self.taking.get() > 0 || self.types(visitor)
    }

    /// Whether the visitor types, in any of their tabs.
    pub(super) fn types(&self, visitor: &VisitorId) -> bool {
        let now = clock::context(0).now;
        let types = |ws: &WebSocket| {
            let typed_at = attached(ws).and_then(|attached| attached.typed_at);
            typed_at.is_some_and(|at| now.since_ms(at) < TYPING_MS)
        };
        self.state.get_websockets_with_tag(visitor.as_str()).iter().any(types)
    }
}

pub(super) fn attached(ws: &WebSocket) -> Option<Attached> {
    ws.deserialize_attachment().ok().flatten()
}

/// Waits until a held turn may go; true where a newer one took its place meanwhile.
async fn is_superseded(told: oneshot::Receiver<()>) -> bool {
    match select(told, Delay::from(Duration::from_millis(HOLD_MS))).await {
        Either::Left((told, _)) => told.is_err(),
        Either::Right(_) => false,
    }
}

/// Keeps a turn for the alarm, and sets that.
async fn keep(app: &App, state: &State, kept: &Kept) -> Result<(), EdgeError> {
    state.storage().put(KEPT, kept).await?;
    wake::set_alarm(app, state).await
}

/// When the turn is looked at that the alarm looks after.
pub(super) async fn looks_at(state: &State) -> Result<Option<Timestamp>, EdgeError> {
    Ok(state.storage().get::<Kept>(KEPT).await?.map(|kept| kept.at))
}

async fn hand_on(app: &App, turn: &HandedTurn) -> Result<(), EdgeError> {
    let body = serde_json::to_string(turn).map_err(worker::Error::from)?;
    let headers = Headers::new();
    headers.set("x-throughline-internal", &auth::sign_internal(app, &body)?)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers).with_body(Some(body.into()));
    let service = app.env.service("SELF").map_err(|_| EdgeError::missing("SELF"))?;
    service.fetch("https://self/internal/think", Some(init)).await?;
    Ok(())
}
