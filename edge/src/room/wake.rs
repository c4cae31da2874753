//! What waits for its time in the Room's conversation (a planned message, a step of a sequence, a promise): the Room's
//! alarm goes at that very moment. The database knows what is due then; what an alarm misses is the sweep's.
//!
//! A Room has one alarm, for this and for the turn it looks after, whichever is first.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::{
    effect::Effect,
    flow::sweep,
    id::{ConversationId, SiteId},
    time::Timestamp,
};
use worker::{Method, Request, RequestInit, State};

use super::{Room, turn};
use crate::{app::App, error::EdgeError, perform::perform};

/// Where the Room keeps when it is to wake.
const KEPT: &str = "wake";

/// When a Room is to wake, and for what.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Wake {
    pub(crate) site: SiteId,
    pub(crate) conversation: ConversationId,
    pub(crate) at: Timestamp,
}

/// Asks a conversation's Room to wake.
pub(crate) async fn ask(app: &App, wake: &Wake) -> Result<(), EdgeError> {
    let body = serde_json::to_string(wake).map_err(worker::Error::from)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(body.into()));
    let request = Request::new_with_init("https://room/wake", &init)?;
    app.room(&wake.conversation)?.fetch_with_request(request).await?;
    Ok(())
}

impl Room {
    /// Wakes at `wake` as well as whenever it would.
    pub(super) async fn wake_at(&self, wake: &Wake) -> Result<(), EdgeError> {
        keep(&self.state, wake).await?;
        set_alarm(&self.app().await?, &self.state).await
    }

    /// The alarm: does what is due in the conversation, and wakes again for what is not.
    pub(super) async fn wakes(&self, app: &App) -> Result<(), EdgeError> {
        let storage = self.state.storage();
        let Some(kept) = storage.get::<Wake>(KEPT).await? else { return Ok(()) };
        if kept.at > app.context().now {
            return Ok(());
        }
        // Whatever is asked for meanwhile is kept beside what is found here.
        storage.delete(KEPT).await?;
        match due(app, &kept).await {
            Ok((due, next)) => {
                if let Some(next) = next {
                    keep(&self.state, &next).await?;
                }
                perform(app, due);
                Ok(())
            }
            Err(error) => {
                keep(&self.state, &kept).await?;
                Err(error)
            }
        }
    }
}

/// What is due where the Room was to wake, and when it is to wake next.
async fn due(app: &App, woken: &Wake) -> Result<(Vec<Effect>, Option<Wake>), EdgeError> {
    let Some(site) = app.site(&woken.site).await? else { return Ok((Vec::new(), None)) };
    let (due, at) = sweep::due_in(app.scope(&site), &app.context(), &woken.conversation).await?;
    Ok((due, at.map(|at| Wake { at, ..woken.clone() })))
}

/// Keeps when the Room is to wake, unless it wakes sooner already.
async fn keep(state: &State, wake: &Wake) -> Result<(), EdgeError> {
    let storage = state.storage();
    let is_sooner = storage.get::<Wake>(KEPT).await?.is_none_or(|kept| wake.at < kept.at);
    if is_sooner {
        storage.put(KEPT, wake).await?;
    }
    Ok(())
}

/// Sets the alarm for whatever the Room is to do next; none where there is nothing.
pub(super) async fn set_alarm(app: &App, state: &State) -> Result<(), EdgeError> {
    let storage = state.storage();
    let wake = storage.get::<Wake>(KEPT).await?.map(|kept| kept.at);
    let turn = turn::looks_at(state).await?;
    if let Some(at) = wake.into_iter().chain(turn).min() {
        let after_ms = u64::try_from(at.since_ms(app.context().now)).unwrap_or(0);
        storage.set_alarm(Duration::from_millis(after_ms)).await?;
    }
    Ok(())
}
