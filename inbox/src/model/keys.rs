//! What keys do. Every act has a button as well; this is the one table of both, which the help shows.

/// An act of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The next conversation of the list.
    Next,
    /// The one before.
    Previous,
    /// Write to the contact.
    Reply,
    /// Write a note.
    Note,
    /// The next channel of the composer.
    SwitchChannel,
    /// Take over, or give back.
    Floor,
    /// Give the conversation to somebody.
    Assign,
    /// Resolve it, or open it again.
    Resolve,
    /// Put it off until tomorrow.
    Snooze,
    /// Put a label on it.
    Label,
    /// Look for something.
    Search,
    /// All that can be done, by name.
    Palette,
    /// These keys.
    Help,
    /// Back to the list.
    Back,
}

impl Act {
    /// Every act, with its key as it is pressed and the name of its words.
    pub const ALL: [(Self, &'static str, &'static str); 14] = [
        (Self::Next, "j", "act-next"),
        (Self::Previous, "k", "act-previous"),
        (Self::Reply, "r", "act-reply"),
        (Self::Note, "n", "act-note"),
        (Self::SwitchChannel, "c", "act-switch"),
        (Self::Floor, "t", "act-floor"),
        (Self::Assign, "a", "act-assign"),
        (Self::Resolve, "e", "act-resolve"),
        (Self::Snooze, "z", "act-snooze"),
        (Self::Label, "l", "act-label"),
        (Self::Search, "/", "act-search"),
        (Self::Palette, "Ctrl K", "act-palette"),
        (Self::Help, "?", "act-help"),
        (Self::Back, "Esc", "act-back"),
    ];

    /// The act of a key; none while something is typed, but for those that leave it.
    pub fn of_key(key: &str, command: bool, types: bool) -> Option<Self> {
        match key {
            "k" | "K" if command => return Some(Self::Palette),
            "Escape" => return Some(Self::Back),
            _ if command || types => return None,
            _ => {}
        }
        let found = Self::ALL.iter().find(|(_, pressed, _)| *pressed == key);
        found.map(|(act, ..)| *act)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_act_unless_something_is_typed() {
        assert_eq!(Act::of_key("j", false, false), Some(Act::Next));
        assert_eq!(Act::of_key("j", false, true), None);
        assert_eq!(Act::of_key("?", false, false), Some(Act::Help));
        assert_eq!(Act::of_key("k", true, true), Some(Act::Palette));
        assert_eq!(Act::of_key("r", true, false), None, "the browser's own keys stay its own");
        assert_eq!(Act::of_key("Escape", false, true), Some(Act::Back));
    }

    #[test]
    fn no_key_does_two_things() {
        let mut keys: Vec<&str> = Act::ALL.iter().map(|(_, key, _)| *key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), Act::ALL.len());
    }
}
