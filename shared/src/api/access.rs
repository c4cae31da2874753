//! Who may do what: decided from the caller and the table of operations, and from nothing else.

use super::{
    me::Role,
    routes::{Needs, Operation},
    scope::ApiScope,
};
use crate::{
    error::Rejection,
    id::{AgentId, SiteId},
};

/// Who asks for something of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// The deployment's own tools, by the `ADMIN_TOKEN`: they may do everything.
    Deployment,
    /// A program of the site's owner, by an API token.
    Token {
        /// The site it is a token of.
        site: SiteId,
        /// What it is called.
        name: String,
        /// What it may be used for.
        scopes: Vec<ApiScope>,
    },
    /// Somebody of the site's team, signed in to the inbox.
    Agent {
        /// The site they are of the team of.
        site: SiteId,
        /// Their id there.
        id: AgentId,
        /// Their name there, as contacts see it.
        name: String,
        /// What they may do there.
        role: Role,
    },
}

impl Asker {
    /// Who did it, for the log of what people did.
    pub fn named(&self) -> String {
        match self {
            Self::Deployment => "deployment".to_owned(),
            Self::Token { name, .. } => format!("token {name}"),
            Self::Agent { name, .. } => name.clone(),
        }
    }

    /// In whose name something is done: a member's own, whatever the body says; else whom the body names. Refuses a
    /// program that names nobody (400 `missing_field`).
    pub fn by(&self, given: Option<String>) -> Result<String, Rejection> {
        match self {
            Self::Agent { name, .. } => Ok(name.clone()),
            Self::Deployment | Self::Token { .. } => given.ok_or_else(|| {
                Rejection::new(400, "missing_field", "`by` is missing: who of the team does this?")
            }),
        }
    }
}

/// What a browser says about where a call comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent<'a> {
    /// `x-throughline`, which no other site's page can send along without being asked first.
    pub marker: Option<&'a str>,
    /// `Origin`.
    pub origin: Option<&'a str>,
    /// `Sec-Fetch-Site`.
    pub fetch_site: Option<&'a str>,
}

impl Sent<'_> {
    /// Whether nothing speaks against one of our own pages, by the origins that are ours. A form of a page that tells no referrer
    /// comes from `null` (<https://fetch.spec.whatwg.org/#append-a-request-origin-header>).
    pub fn is_own(&self, own: &[&str]) -> bool {
        self.origin.is_none_or(|origin| origin == "null" || own.contains(&origin))
            && self.fetch_site.is_none_or(|site| matches!(site, "same-origin" | "none"))
    }

    /// Refuses to change anything for a browser that is signed in where its call does not come from the inbox (403
    /// `foreign_call`).
    pub fn check(&self, own: &[&str]) -> Result<(), Rejection> {
        if self.marker == Some("inbox") && self.check_socket(own).is_ok() {
            return Ok(());
        }
        let text = "A browser changes something from the inbox only: send `x-throughline: inbox` from its own origin.";
        Err(Rejection::new(403, "foreign_call", text))
    }

    /// The same for a socket, with which a browser can send no marker.
    pub fn check_socket(&self, own: &[&str]) -> Result<(), Rejection> {
        if self.origin != Some("null") && self.is_own(own) {
            return Ok(());
        }
        Err(Rejection::new(403, "foreign_call", "A browser opens this socket from the inbox only."))
    }
}

impl Asker {
    /// The member of the team who asks. Refuses programs (403 `members_only`), which nobody tells anything in the inbox.
    pub fn member(&self) -> Result<&AgentId, Rejection> {
        match self {
            Self::Agent { id, .. } => Ok(id),
            Self::Deployment | Self::Token { .. } => {
                let text = "Only somebody who is signed in to the inbox has alerts.";
                Err(Rejection::new(403, "members_only", text))
            }
        }
    }
}

/// 401: nobody of ours asks.
pub fn unauthorized() -> Rejection {
    let text = "Sign in to the inbox, or send `authorization: Bearer` with an API token of the site.";
    Rejection::new(401, "unauthorized", text)
}

/// 404: no site of this id that the caller could know of.
pub fn unknown_site() -> Rejection {
    Rejection::new(404, "unknown_site", "There is no site of this id.")
}

/// Whether somebody may do something to a site. Refuses somebody of another site (404 `unknown_site`, as if there were none), and
/// names the role or the scope that is missing (403 `not_allowed`).
pub fn allow(asker: &Asker, operation: &Operation, site: &SiteId) -> Result<(), Rejection> {
    let Needs::Site(scope, least) = operation.needs else { return Ok(()) };
    match asker {
        Asker::Deployment => Ok(()),
        Asker::Token { site: own, .. } | Asker::Agent { site: own, .. } if own != site => Err(unknown_site()),
        Asker::Token { scopes, .. } if scopes.contains(&scope) => Ok(()),
        Asker::Token { .. } => {
            let text = format!("This token lacks the scope `{}`.", scope.as_str());
            Err(Rejection::new(403, "not_allowed", text))
        }
        Asker::Agent { role, .. } if *role >= least => Ok(()),
        Asker::Agent { role, .. } => {
            let (least, role) = (least.as_str(), role.as_str());
            let text = format!("This takes the role `{least}`; yours is `{role}`.");
            Err(Rejection::new(403, "not_allowed", text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::routes::OPERATIONS, *};

    fn site(id: &str) -> SiteId {
        SiteId::parse(id).unwrap()
    }

    fn agent(role: Role) -> Asker {
        let id = AgentId::parse("agt_1").unwrap();
        Asker::Agent { site: site("ste_1"), id, name: "Jo".to_owned(), role }
    }

    fn of_sites() -> impl Iterator<Item = (&'static Operation, ApiScope, Role)> {
        OPERATIONS.iter().filter_map(|operation| match operation.needs {
            Needs::Site(scope, role) => Some((operation, scope, role)),
            Needs::Nothing | Needs::SignedIn => None,
        })
    }

    #[test]
    fn a_role_may_do_what_it_suffices_for_and_is_told_what_it_lacks() {
        for (operation, _, least) in of_sites() {
            for role in Role::ALL {
                let answer = allow(&agent(role), operation, &site("ste_1"));
                assert_eq!(answer.is_ok(), role >= least, "{role:?} {operation:?}");
                if let Err(refused) = answer {
                    assert_eq!((refused.status, refused.code), (403, "not_allowed"));
                    assert!(refused.text.contains(least.as_str()), "{}", refused.text);
                }
            }
        }
    }

    #[test]
    fn a_token_may_do_what_its_one_scope_is_for_and_nothing_else() {
        for given in ApiScope::ALL {
            let token = Asker::Token { site: site("ste_1"), name: "Shop".to_owned(), scopes: vec![*given] };
            for (operation, needed, _) in of_sites() {
                let answer = allow(&token, operation, &site("ste_1"));
                assert_eq!(answer.is_ok(), *given == needed, "{given:?} {operation:?}");
                if let Err(refused) = answer {
                    assert!(refused.text.contains(needed.as_str()), "{}", refused.text);
                }
            }
        }
    }

    #[test]
    fn nobody_of_another_site_learns_that_there_is_one() {
        let token =
            Asker::Token { site: site("ste_1"), name: "Shop".to_owned(), scopes: ApiScope::ALL.to_vec() };
        for (operation, ..) in of_sites() {
            for asker in [&token, &agent(Role::Owner)] {
                let refused = allow(asker, operation, &site("ste_2")).unwrap_err();
                assert_eq!((refused.status, refused.code), (404, "unknown_site"), "{operation:?}");
            }
            assert_eq!(allow(&Asker::Deployment, operation, &site("ste_2")), Ok(()));
        }
    }

    #[test]
    fn a_browser_that_is_signed_in_acts_from_the_inbox_only() {
        let own = ["https://edge.example"];
        let sent = Sent { marker: Some("inbox"), origin: Some(own[0]), fetch_site: Some("same-origin") };
        assert_eq!(sent.check(&own), Ok(()));
        assert_eq!(Sent { origin: None, fetch_site: None, ..sent }.check(&own), Ok(()));
        for foreign in [
            Sent { marker: None, ..sent },
            Sent { marker: Some("1"), ..sent },
            Sent { origin: Some("https://evil.example"), ..sent },
            Sent { origin: Some("null"), ..sent },
            Sent { fetch_site: Some("cross-site"), ..sent },
            Sent { fetch_site: Some("same-site"), ..sent },
        ] {
            assert_eq!(foreign.check(&own).unwrap_err().code, "foreign_call", "{foreign:?}");
        }
        let socket = Sent { marker: None, ..sent };
        assert!(socket.check_socket(&own).is_ok());
        assert!(Sent { origin: Some("https://evil.example"), ..socket }.check_socket(&own).is_err());
        let form = Sent { marker: None, origin: Some("null"), fetch_site: Some("same-origin") };
        assert!(form.is_own(&own) && !Sent { fetch_site: Some("cross-site"), ..form }.is_own(&own));
    }

    #[test]
    fn a_member_acts_in_their_own_name_and_a_program_in_the_name_it_gives() {
        assert_eq!(agent(Role::Agent).by(Some("Kim".to_owned())), Ok("Jo".to_owned()));
        assert_eq!(Asker::Deployment.by(Some("Kim".to_owned())), Ok("Kim".to_owned()));
        assert_eq!(Asker::Deployment.by(None).unwrap_err().code, "missing_field");
    }
}
