//! Changes to who is who, as statements.

use crate::{
    channel::Channel,
    contact::AddressKind,
    decide::{ERASED, Erasure, PeopleChange, is_suppressed},
    site::{Endpoint, Site},
    store::{Stmt, contacts, deliveries, erasures, fields, handles, merges},
    time::Timestamp,
};

/// Adds the statements of a change.
pub(in crate::flow) fn plan_people(
    site: &Site,
    change: &PeopleChange,
    now: Timestamp,
    stmts: &mut Vec<Stmt>,
) {
    let id = &site.id;
    match change {
        PeopleChange::Settle(address, contact) => stmts.push(contacts::drop_claim(id, address, contact)),
        PeopleChange::Join(merge) => {
            stmts.extend([merges::add(id, merge), contacts::join_contact(id, &merge.from, &merge.into)]);
        }
        PeopleChange::Part { merge, contact, by } => {
            stmts.extend([merges::undo(id, merge, by, now), merges::part(id, contact)]);
        }
        PeopleChange::PassBack { from, to, contact } => {
            stmts.extend(merges::pass_back(id, from, to, contact));
        }
        PeopleChange::GiveBack { conversation, from, to, handles } => {
            stmts.extend(merges::give_back(id, conversation, (from, to), handles));
        }
        PeopleChange::PutTagBack(contact, tagged) => stmts.push(merges::put_tag_back(id, contact, tagged)),
        PeopleChange::SetContact(contact) => stmts.push(merges::set_contact(id, contact)),
        PeopleChange::KeepApart(one, other, by) => stmts.push(merges::keep_apart(id, one, other, by, now)),
        PeopleChange::DropApart(one, other) => stmts.push(merges::drop_apart(id, one, other)),
        PeopleChange::Forget { contact, key, source, by } => {
            stmts.push(fields::forget(id, contact, (key, source), by, now));
        }
        PeopleChange::SetField { contact, name, value: Some(value), by } => {
            stmts.push(fields::put(id, contact, (name, value), by, now));
        }
        PeopleChange::SetField { contact, name, value: None, .. } => {
            stmts.push(fields::drop(id, contact, name));
        }
        PeopleChange::Reassign { address, from, to, by } => {
            stmts.push(erasures::claims(id, address));
            stmts.extend(handles::reassign(id, address, (from, to), by, now));
        }
        PeopleChange::Share(address, shared) => stmts.push(handles::share(id, address, *shared)),
        PeopleChange::Erase(erasure) => plan_erasure(site, erasure, now, stmts),
    }
}

/// The conversations first: whoever wrote meanwhile makes the whole batch fail, and it is decided again.
fn plan_erasure(site: &Site, erasure: &Erasure, now: Timestamp, stmts: &mut Vec<Stmt>) {
    let Erasure { contact, conversations, addresses } = erasure;
    let Some(contact) = contact else { return };
    let mails = |endpoint: &&Endpoint| endpoint.channel == Channel::Email;
    for (conversation, version) in conversations {
        for endpoint in site.endpoints.iter().filter(mails) {
            stmts.extend(erasures::mails(&site.id, conversation, &endpoint.id));
        }
        stmts.extend(erasures::conversation(&site.id, conversation, *version, addresses));
    }
    stmts.extend(erasures::contact(&site.id, contact, addresses, now));
    for replaced in addresses {
        let kind = replaced.address.kind;
        let widget = site.endpoint_for(AddressKind::Visitor).filter(|_| kind == AddressKind::Visitor);
        stmts.extend(erasures::address(&site.id, replaced, widget.map(|widget| &widget.id)));
        if is_suppressed(kind) {
            stmts.push(deliveries::suppress(&site.id, kind, &replaced.suppression, ERASED, now));
        }
    }
}
