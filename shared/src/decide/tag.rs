//! A member of the team puts a tag on a contact or takes it off. A tag may begin sequences.

use super::{Change, Decision, Plan, Snapshot, promise, sequence};
use crate::{
    command::TagWish,
    contact::{self, MAX_TAG_CHARS},
    ctx::Ctx,
    error::Rejection,
    event::Body,
    wire::Speaker,
};

/// How many tags a contact may have.
const MAX_TAGS: usize = 50;

pub(super) fn decide(snapshot: &Snapshot<'_>, wish: &TagWish, ctx: &mut Ctx) -> Result<Decision, Rejection> {
    let (Some(person), Some(conversation)) = (&snapshot.contact, &snapshot.conversation) else {
        let text = "The contact has no conversation: nothing was ever said.";
        return Err(Rejection::new(404, "unknown_conversation", text));
    };
    let member = wish.by.trim();
    if !snapshot.site.has_member(member) {
        let text = "`by` names nobody of the site's `team`: who does it?";
        return Err(Rejection::new(400, "unknown_member", text));
    }
    let Some(tag) = contact::tag(&wish.tag) else {
        let text = format!("`tag` takes 1 to {MAX_TAG_CHARS} characters on one line.");
        return Err(Rejection::new(400, "bad_tag", text));
    };
    if snapshot.tags.contains(&tag) == wish.on {
        return Ok(Decision::default());
    }
    if wish.on && snapshot.tags.len() >= MAX_TAGS {
        let text = format!("A contact has at most {MAX_TAGS} tags. Take one off first.");
        return Err(Rejection::new(409, "too_many_tags", text));
    }
    let mut plan = Plan::on_conversation(snapshot, person.clone(), conversation.clone());
    plan.change(Change::Tag(person.id.clone(), tag.clone(), wish.on));
    if let Some((channel, address)) = promise::best_line(snapshot) {
        let body = Body::Tag { tag: tag.clone(), on: wish.on };
        plan.append(ctx, None, (channel, &address), Speaker::Agent(member.to_owned()), body);
    }
    if wish.on {
        sequence::on_tag(&mut plan, ctx, &tag);
    }
    Ok(plan.finish())
}
