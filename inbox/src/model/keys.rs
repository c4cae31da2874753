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

/// The place so many steps on among `count`; it stays at the ends.
pub fn next_place(now: Option<usize>, by: i32, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    Some(match now {
        None if by > 0 => 0,
        None => last,
        Some(place) if by > 0 => (place + 1).min(last),
        Some(place) => place.saturating_sub(1),
    })
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

    #[test]
    fn arrows_enter_a_list_at_its_near_end_and_stop_at_the_far_one() {
        assert_eq!((next_place(None, 1, 3), next_place(None, -1, 3)), (Some(0), Some(2)));
        assert_eq!((next_place(Some(0), 1, 3), next_place(Some(2), 1, 3)), (Some(1), Some(2)));
        assert_eq!((next_place(Some(1), -1, 3), next_place(Some(0), -1, 3)), (Some(0), Some(0)));
        assert_eq!(next_place(None, 1, 0), None);
    }
}
