//! Changes to who is who, as statements.

use crate::{
    decide::PeopleChange,
    id::SiteId,
    store::{Stmt, contacts, merges},
    time::Timestamp,
};

/// Adds the statements of a change.
pub(in crate::flow) fn plan_people(
    id: &SiteId,
    change: &PeopleChange,
    now: Timestamp,
    stmts: &mut Vec<Stmt>,
) {
    match change {
        PeopleChange::Settle(address, contact) => stmts.push(contacts::drop_claim(id, address, contact)),
        PeopleChange::Join(merge) => {
            stmts.extend([merges::add(id, merge), contacts::join_contact(id, &merge.from, &merge.into)]);
        }
        PeopleChange::Part { merge, contact, by } => {
            stmts.extend([merges::undo(id, merge, by, now), merges::part(id, contact)]);
        }
        PeopleChange::PassBack { from, to, contact } => {
            stmts.extend(merges::pass_back(id, from, to, contact))
        }
        PeopleChange::GiveBack { conversation, from, to, handles } => {
            stmts.extend(merges::give_back(id, conversation, (from, to), handles));
        }
        PeopleChange::PutTagBack(contact, tagged) => stmts.push(merges::put_tag_back(id, contact, tagged)),
        PeopleChange::SetContact(contact) => stmts.push(merges::set_contact(id, contact)),
        PeopleChange::KeepApart(one, other, by) => stmts.push(merges::keep_apart(id, one, other, by, now)),
        PeopleChange::DropApart(one, other) => stmts.push(merges::drop_apart(id, one, other)),
    }
}
