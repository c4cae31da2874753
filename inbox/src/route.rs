//! The address bar: `/inbox/{site}/{view}`, `/inbox/{site}/c/{contact}`.

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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_comes_back_as_it_was() {
        for path in ["/inbox", "/inbox/ste_1/mine", "/inbox/ste_1/not_delivered", "/inbox/ste_1/c/ctc_9"] {
            assert_eq!(Route::parse(path).path(), path);
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
