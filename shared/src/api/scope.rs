//! What an API token may be used for.

use serde::{Deserialize, Serialize};

macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What an API token may be used for. Reading and writing are given one by one: neither includes the other.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum ApiScope {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl ApiScope {
            /// Every scope, in the order in which they are offered.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable name, as it is stored and spoken.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The scope of a name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

scopes! {
    /// Who the contacts are, what is known of them, and their log.
    ContactsRead = "contacts:read";
    /// Tags, facts and names of contacts.
    ContactsWrite = "contacts:write";
    /// Lists, timelines and search.
    ConversationsRead = "conversations:read";
    /// Whose a conversation is, its floor, its promises, and how far the team is with it.
    ConversationsWrite = "conversations:write";
    /// Writing to contacts, and calling off what is planned to be said.
    MessagesWrite = "messages:write";
    /// Appointments.
    AppointmentsRead = "appointments:read";
    /// Booking.
    AppointmentsWrite = "appointments:write";
    /// Proofs of consent.
    ConsentRead = "consent:read";
    /// Revocations that a contact told somebody of the team.
    ConsentWrite = "consent:write";
    /// Sequences, and who is in them.
    SequencesRead = "sequences:read";
    /// Beginning and ending them.
    SequencesWrite = "sequences:write";
    /// What the assistant knows.
    KnowledgeRead = "knowledge:read";
    /// Teaching it.
    KnowledgeWrite = "knowledge:write";
    /// Who is of the team.
    TeamRead = "team:read";
    /// Inviting, changing and removing them.
    TeamWrite = "team:write";
    /// Settings, and the log of what people did.
    SettingsRead = "settings:read";
    /// Changing settings.
    SettingsWrite = "settings:write";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_is_found_by_its_name() {
        for scope in ApiScope::ALL {
            assert_eq!(ApiScope::parse(scope.as_str()), Some(*scope));
        }
        assert_eq!(ApiScope::parse("contacts"), None);
    }
}
