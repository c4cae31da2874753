//! Thinks in a Worker invocation, never in a Room, and streams through the Room while it does.

use futures_channel::mpsc;
use futures_util::{StreamExt, future::join};
use shared::{
    contact::Address,
    flow::{self, catch_up},
    id::{ConversationId, SiteId, VisitorId},
    wire::ServerFrame,
};

use crate::{
    app::App,
    error::EdgeError,
    fetcher::Fetcher,
    perform::{Tell, perform, tell_room},
};

/// Answers a conversation, if an answer is owed and nobody else is at it.
pub(crate) async fn think(app: &App, site: &SiteId, conversation: &ConversationId) -> Result<(), EdgeError> {
    let Some(site) = app.site(site).await? else { return Ok(()) };
    let site = &*site;
    let (http, mut ctx) = (Fetcher { app, site }, app.context());
    let (sender, mut texts) = mpsc::unbounded::<(VisitorId, u32, String)>();
    let drafting = async move {
        let mut on_text = |to: &Address, turn: u32, text: &str| {
            let Some(visitor) = catch_up::visitor_of(to) else { return };
            // The receiver lives as long as this future; losing a piece would only delay what is shown.
            let _ = sender.unbounded_send((visitor, turn, text.to_owned()));
        };
        flow::think::think(app.scope(site), &http, &mut ctx, conversation, &mut on_text).await
    };
    let relaying = async {
        while let Some(mut newest) = texts.next().await {
            while let Ok(Some(newer)) = texts.try_next() {
                newest = newer;
            }
            let (visitor, turn, text) = newest;
            let tell = Tell { visitor: Some(visitor), frames: vec![ServerFrame::Delta { turn, text }] };
            if let Err(error) = tell_room(app, conversation, &tell).await {
                error.log("stream");
            }
        }
    };
    let (handled, ()) = join(drafting, relaying).await;
    perform(app, handled?.effects);
    Ok(())
}
