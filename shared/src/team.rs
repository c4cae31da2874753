//! Who may change whom in a team. Pure: what is stored comes in, what is to be stored goes out.

use crate::{
    api::{
        access::Asker,
        me::Role,
        team::{Agent, AgentState},
    },
    error::Rejection,
};

/// The longest name, in characters.
pub const MAX_NAME_CHARS: usize = 60;

/// How far somebody may go in changing a team: the deployment may do everything, a program may not make anybody more than an
/// agent, or it could make itself one.
pub const fn reach(asker: &Asker) -> Role {
    match asker {
        Asker::Deployment => Role::Owner,
        Asker::Token { .. } => Role::Agent,
        Asker::Agent { role, .. } => *role,
    }
}

/// Refuses to change or make somebody who may do more than whoever asks (403 `not_allowed`).
pub fn may_reach(asker: &Asker, roles: &[Role]) -> Result<(), Rejection> {
    let reach = reach(asker);
    match roles.iter().max() {
        Some(role) if *role > reach => {
            let text = format!("This takes the role `{}`; yours is `{}`.", role.as_str(), reach.as_str());
            Err(Rejection::new(403, "not_allowed", text))
        }
        _ => Ok(()),
    }
}

/// A name as it is kept. Refuses one that is empty, too long or more than one line (400 `bad_name`), and one that somebody else of the
/// team has (409 `name_taken`).
pub fn check_name<'a>(name: &str, others: impl IntoIterator<Item = &'a Agent>) -> Result<String, Rejection> {
    let name = name.trim();
    let fits = (1..=MAX_NAME_CHARS).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if !fits {
        let text = format!("`name` needs one line of 1 to {MAX_NAME_CHARS} characters.");
        return Err(Rejection::new(400, "bad_name", text));
    }
    if is_taken(name, others) {
        let text = "Somebody else of the team has this name, and contacts tell people by it.";
        return Err(Rejection::new(409, "name_taken", text));
    }
    Ok(name.to_owned())
}

fn is_taken<'a>(name: &str, others: impl IntoIterator<Item = &'a Agent>) -> bool {
    let is_here = |other: &&Agent| other.state != AgentState::Removed;
    others.into_iter().filter(is_here).any(|other| other.name.to_lowercase() == name.to_lowercase())
}

/// What somebody is called of whom only a mailbox is known: `jun.park@…` is Jun Park, and the second one Jun Park 2.
pub fn name_of(email: &str, others: &[&Agent]) -> String {
    let local = email.split(['@', '+']).next().unwrap_or_default();
    let words = local.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    };
    let name = words.filter_map(capital).collect::<Vec<_>>().join(" ");
    let name: String = name.chars().take(MAX_NAME_CHARS - 4).collect();
    let name = if name.is_empty() { "Owner".to_owned() } else { name };
    let numbered = (2..).map(|n| format!("{name} {n}"));
    let mut candidates = std::iter::once(name.clone()).chain(numbered);
    candidates.find(|name| !is_taken(name, others.iter().copied())).unwrap_or_default()
}

/// Refuses to leave a site without an owner (409 `last_owner`).
pub fn check_owner<'a>(agent: &Agent, team: impl IntoIterator<Item = &'a Agent>) -> Result<(), Rejection> {
    let owns = |it: &Agent| it.role == Role::Owner && it.state == AgentState::Active;
    let stays = team.into_iter().map(|it| if it.id == agent.id { agent } else { it }).any(owns);
    if stays {
        Ok(())
    } else {
        let text = "This is the last owner of the site: make somebody else one first.";
        Err(Rejection::new(409, "last_owner", text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::{AgentId, SiteId},
        time::Timestamp,
    };

    fn agent(id: &str, name: &str, role: Role) -> Agent {
        let (id, since) = (AgentId::parse(id).unwrap(), Timestamp::from_ms(0));
        let email = format!("{id}@team.example");
        Agent { id, email, name: name.to_owned(), role, state: AgentState::Active, since }
    }

    fn asker(role: Role) -> Asker {
        let (site, id) = (SiteId::parse("ste_1").unwrap(), AgentId::parse("agt_1").unwrap());
        Asker::Agent { site, id, name: "Jo".to_owned(), role }
    }

    #[test]
    fn nobody_makes_or_changes_somebody_who_may_do_more() {
        for asking in Role::ALL {
            for role in Role::ALL {
                assert_eq!(may_reach(&asker(asking), &[role]).is_ok(), role <= asking, "{asking:?} {role:?}");
            }
        }
        let site = SiteId::parse("ste_1").unwrap();
        let token = Asker::Token { site, name: "Shop".to_owned(), scopes: Vec::new() };
        assert_eq!(may_reach(&token, &[Role::Agent]), Ok(()));
        assert_eq!(may_reach(&token, &[Role::Agent, Role::Admin]).unwrap_err().code, "not_allowed");
    }

    #[test]
    fn a_mailbox_gives_a_name_that_nobody_else_has() {
        let team = [agent("agt_1", "Jun Park", Role::Owner), agent("agt_2", "jun park 2", Role::Agent)];
        let team: Vec<_> = team.iter().collect();
        assert_eq!(name_of("kim@team.example", &team), "Kim");
        assert_eq!(name_of("jun.park+inbox@team.example", &team), "Jun Park 3");
        assert_eq!(name_of("+@team.example", &[]), "Owner");
    }

    #[test]
    fn a_name_is_one_line_and_one_persons() {
        let mut gone = agent("agt_2", "Kim", Role::Agent);
        gone.state = AgentState::Removed;
        let team = [agent("agt_1", "Jo", Role::Owner), gone];
        assert_eq!(check_name(" Kim ", &team), Ok("Kim".to_owned()));
        assert_eq!(check_name("JO", &team).unwrap_err().code, "name_taken");
        for bad in ["", "  ", "a\nb", &"x".repeat(61)] {
            assert_eq!(check_name(bad, &team).unwrap_err().code, "bad_name", "{bad:?}");
        }
    }

    #[test]
    fn a_site_keeps_an_owner() {
        let team = [agent("agt_1", "Jo", Role::Owner), agent("agt_2", "Kim", Role::Admin)];
        let demoted = Agent { role: Role::Admin, ..team[0].clone() };
        assert_eq!(check_owner(&demoted, &team).unwrap_err().code, "last_owner");
        let removed = Agent { state: AgentState::Removed, ..team[0].clone() };
        assert_eq!(check_owner(&removed, &team).unwrap_err().code, "last_owner");
        assert_eq!(check_owner(&agent("agt_2", "Kim", Role::Owner), &team), Ok(()));
    }
}
