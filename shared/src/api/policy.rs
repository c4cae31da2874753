//! What a change of the sending policy would have done to the messages of the last month.

use serde::{Deserialize, Serialize};

use crate::{channel::Channel, id::ContactId, time::Timestamp};

/// The answer to `POST /api/sites/{site}/policy/try`, whose body is `{"policy": …}`: the whole policy as it would be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyTried {
    /// How many messages were judged again.
    pub judged: u32,
    /// There were more than are looked at: those of the conversations that moved last were.
    pub cut: bool,
    /// How many of them the change touches in any way.
    pub touched: u32,
    /// How many that are held back would be sent.
    pub appear: u32,
    /// How many that are sent would be held back.
    pub vanish: u32,
    /// How many would be sent at another time.
    pub moved: u32,
    /// How many would go by another channel.
    pub switched: u32,
    /// A few of them, the newest first.
    pub examples: Vec<Example>,
}

/// A message that a change touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "PolicyExample"))]
pub struct Example {
    /// To whom.
    pub contact: ContactId,
    /// Their name, where known.
    pub name: Option<String>,
    /// When it was judged.
    pub at: Timestamp,
    /// What for: `reminder`, `marketing` and others.
    pub purpose: String,
    /// `appear`, `vanish`, `moved` or `switched`.
    pub change: String,
    /// The channel it went by, or would go by.
    pub channel: Option<Channel>,
    /// The other channel it would go by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Channel>,
    /// Not before when it would be sent; none is at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The rule that would hold it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}
