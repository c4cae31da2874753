//! What should happen after a commit. Effects are hints: losing one is healed by a cursor or by the sweep.

use crate::{
    contact::Address,
    event::Event,
    id::{ConversationId, DeliveryId, NoticeId, PlannedId, SiteId, WebhookId},
    sequence::run::RunKey,
    time::Timestamp,
};

impl Effect {
    /// The site and the conversation in which something waits for its time, and that time; `None` for what does not wait
    /// there.
    pub const fn waits_in(&self) -> Option<(&SiteId, &ConversationId, Timestamp)> {
        match self {
            Self::Speak { site, conversation, due_at, .. }
            | Self::Overdue { site, conversation, due_at }
            | Self::Awake { site, conversation, due_at } => Some((site, conversation, *due_at)),
            Self::Step { site, run, due_at } => Some((site, &run.conversation, *due_at)),
            _ => None,
        }
    }
}

/// Something to do after the commit, best effort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Show new events to everybody who watches the conversation, and tell the site's team that it has gone on.
    Show {
        /// The site.
        site: SiteId,
        /// The events, in order.
        events: Vec<Event>,
    },
    /// Whoever has the floor has read what came from an address, up to a place.
    Seen {
        /// The conversation.
        conversation: ConversationId,
        /// The address that was answered.
        to: Address,
        /// The last place read.
        seq: u32,
    },
    /// An answer is owed: think, not before `due_at`.
    Think {
        /// The site.
        site: SiteId,
        /// The conversation.
        conversation: ConversationId,
        /// When.
        due_at: Timestamp,
    },
    /// A delivery waits in the outbox, not before `due_at`.
    Deliver {
        /// Which.
        delivery: DeliveryId,
        /// When.
        due_at: Timestamp,
    },
    /// A notice waits in its outbox, not before `due_at`.
    Notify {
        /// Which.
        notice: NoticeId,
        /// When.
        due_at: Timestamp,
    },
    /// Something waits to be sent to a webhook, not before `due_at`.
    Webhook {
        /// The site.
        site: SiteId,
        /// To which.
        webhook: WebhookId,
        /// What: its `webhook-id`.
        send: String,
        /// When.
        due_at: Timestamp,
    },
    /// A planned message becomes due.
    Speak {
        /// The site.
        site: SiteId,
        /// The conversation.
        conversation: ConversationId,
        /// Which.
        planned: PlannedId,
        /// When.
        due_at: Timestamp,
    },
    /// A step of a sequence becomes due.
    Step {
        /// The site.
        site: SiteId,
        /// Which run.
        run: RunKey,
        /// When.
        due_at: Timestamp,
    },
    /// A promise is to be looked at.
    Overdue {
        /// The site.
        site: SiteId,
        /// The conversation.
        conversation: ConversationId,
        /// When.
        due_at: Timestamp,
    },
    /// What was put off is to be looked at again.
    Awake {
        /// The site.
        site: SiteId,
        /// The conversation.
        conversation: ConversationId,
        /// When.
        due_at: Timestamp,
    },
    /// Files that were kept of these conversations are to go.
    EraseFiles {
        /// The site.
        site: SiteId,
        /// The conversations.
        conversations: Vec<ConversationId>,
    },
    /// Whoever watches `from` should say hello again: the contact's conversation is `to` now.
    Moved {
        /// The old conversation.
        from: ConversationId,
        /// The one that goes on.
        to: ConversationId,
    },
}
