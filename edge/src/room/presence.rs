//! Who is there: the visitors whose browsers listen to a Room right now, and which of them type.
//!
//! Known from the sockets and polls themselves and stored nowhere, so it is never more stale than they are.

use std::collections::BTreeSet;

use shared::{
    id::{ConversationId, VisitorId},
    page::Present,
};

use super::{Room, turn::attached};
use crate::{app::App, error::EdgeError};

impl Room {
    /// Every visitor who listens, once, however many tabs they have.
    pub(super) fn present(&self) -> Vec<Present> {
        let sockets = self.state.get_websockets();
        let of_sockets = sockets
            .iter()
            .filter_map(attached)
            .filter_map(|attached| VisitorId::parse(&attached.visitor).ok());
        let waiters = self.waiters.borrow();
        let polling =
            waiters.iter().filter(|(_, waiter)| !waiter.is_canceled()).map(|(visitor, _)| visitor.clone());
        let here: BTreeSet<VisitorId> = of_sockets.chain(polling).collect();
        here.into_iter().map(|visitor| Present { types: self.types(&visitor), visitor }).collect()
    }
}

/// Asks a conversation's Room who is there.
pub(crate) async fn present(app: &App, conversation: &ConversationId) -> Result<Vec<Present>, EdgeError> {
    Ok(app.room(conversation)?.fetch_with_str("https://room/present").await?.json().await?)
}
