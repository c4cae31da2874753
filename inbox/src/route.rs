//! The address bar: `/inbox/{site}/{view}`, `/inbox/{site}/c/{contact}`, `/inbox/{site}/reports`, `/inbox/{site}/settings/{part}`.

use shared::{
    api::list::View,
    id::{ContactId, SiteId},
};

/// What the address says is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Which site; the first one of whoever is signed in where there is none.
    pub site: Option<SiteId>,
    /// What of it.
    pub shown: Shown,
}

/// What is shown of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A list.
    List(View),
    /// A contact's timeline.
    Contact(ContactId),
    /// What needs the team's eyes besides the lists.
    Page(Page),
}

/// A page that takes the whole width beside the rail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Answers somebody should look at, and what the assistant was taught.
    Review,
    /// What happened, in figures.
    Reports,
    /// How things are set.
    Settings(Part),
}

/// A part of the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Whoever is signed in: language, notifications.
    #[default]
    Own,
    /// The business, its looks, the snippet.
    Site,
    /// Opening hours and holidays.
    Hours,
    /// Who is of the team, tokens, and what people did.
    Team,
    /// The lines, and whether they work.
    Channels,
    /// What the assistant knows.
    Knowledge,
    /// Who answers, and how.
    Assistant,
    /// Services, and when they can be booked.
    Booking,
    /// Follow-ups.
    Sequences,
    /// How much is said, and when.
    Policy,
    /// What is kept, and for how long.
    Privacy,
}

impl Part {
    /// Every part, in the order of the page.
    pub const ALL: [Self; 11] = [
        Self::Own,
        Self::Site,
        Self::Hours,
        Self::Team,
        Self::Channels,
        Self::Knowledge,
        Self::Assistant,
        Self::Booking,
        Self::Sequences,
        Self::Policy,
        Self::Privacy,
    ];

    /// Its name in an address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Site => "site",
            Self::Hours => "hours",
            Self::Team => "team",
            Self::Channels => "channels",
            Self::Knowledge => "knowledge",
            Self::Assistant => "assistant",
            Self::Booking => "booking",
            Self::Sequences => "sequences",
            Self::Policy => "policy",
            Self::Privacy => "privacy",
        }
    }
}

impl Default for Shown {
    fn default() -> Self {
        Self::List(View::default())
    }
}

impl Route {
    /// Reads a path; what is not understood is the first list.
    pub fn parse(path: &str) -> Self {
        let mut parts = path.trim_matches('/').split('/').skip(1);
        let Some(site) = parts.next().and_then(|site| SiteId::parse(site).ok()) else {
            return Self::default();
        };
        let shown = match (parts.next(), parts.next()) {
            (Some("c"), Some(contact)) => ContactId::parse(contact).ok().map(Shown::Contact),
            (Some("review"), None) => Some(Shown::Page(Page::Review)),
            (Some("reports"), None) => Some(Shown::Page(Page::Reports)),
            (Some("settings"), part) => {
                let part = Part::ALL.into_iter().find(|it| Some(it.as_str()) == part);
                Some(Shown::Page(Page::Settings(part.unwrap_or_default())))
            }
            (Some(view), None) => View::parse(view).map(Shown::List),
            _ => None,
        };
        Self { site: Some(site), shown: shown.unwrap_or_default() }
    }

    /// The path of it.
    pub fn path(&self) -> String {
        let Some(site) = &self.site else { return "/inbox".to_owned() };
        match &self.shown {
            Shown::List(view) => format!("/inbox/{site}/{}", view.as_str()),
            Shown::Contact(contact) => format!("/inbox/{site}/c/{contact}"),
            Shown::Page(Page::Review) => format!("/inbox/{site}/review"),
            Shown::Page(Page::Reports) => format!("/inbox/{site}/reports"),
            Shown::Page(Page::Settings(part)) => format!("/inbox/{site}/settings/{}", part.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_comes_back_as_it_was() {
        for path in [
            "/inbox",
            "/inbox/ste_1/mine",
            "/inbox/ste_1/not_delivered",
            "/inbox/ste_1/c/ctc_9",
            "/inbox/ste_1/review",
            "/inbox/ste_1/reports",
        ] {
            assert_eq!(Route::parse(path).path(), path);
        }
        for part in Part::ALL {
            let path = format!("/inbox/ste_1/settings/{}", part.as_str());
            assert_eq!(Route::parse(&path).path(), path);
        }
    }

    #[test]
    fn what_is_not_understood_is_the_first_list() {
        for path in ["/inbox/ste_1", "/inbox/ste_1/", "/inbox/ste_1/c/evt_1", "/inbox/ste_1/nothing"] {
            assert_eq!(Route::parse(path).path(), "/inbox/ste_1/all", "{path}");
        }
        assert_eq!(Route::parse("/inbox/<script>/all"), Route::default());
    }
}
