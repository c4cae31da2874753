//! The page where somebody chooses what a mailbox gets, and what it changes. Reading it changes nothing.

use super::{FlowError, Handled, Scope, handle, load};
use crate::{
    channel::email::unsubscribe,
    command::{Choice, Command},
    consent::Presser,
    contact::Address,
    contact::Contact,
    conversation::Conversation,
    ctx::Ctx,
    decide::{Known, Snapshot},
    error::Rejection,
    identity,
    page::ChoiceView,
    phrases::{self, Lang},
    store::{Db, DbError, contacts, conversations},
    subscription::{Asked, Part, state},
};

/// The mailbox's owner, their conversation, and what is known of the mailbox.
pub(super) async fn find<D: Db>(
    scope: Scope<'_, D>,
    mailbox: &Address,
) -> Result<(Option<Contact>, Option<Conversation>, Known), DbError> {
    let site = &scope.site.id;
    let stmts = [contacts::by_address(site, mailbox), conversations::by_address(site, mailbox)];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let contact = contacts::decode_by_address(rows.next().unwrap_or_default())?.map(|(contact, _)| contact);
    let conversation = conversations::decode(rows.next().unwrap_or_default())?;
    Ok((contact, conversation, load::known(scope, mailbox).await?))
}

/// The snapshot of what the owner of a mailbox does about it.
pub(super) async fn load_mailbox<'a, D: Db>(
    scope: Scope<'a, D>,
    mailbox: &Address,
) -> Result<Snapshot<'a>, DbError> {
    let (contact, conversation, known) = find(scope, mailbox).await?;
    Ok(Snapshot { contact, conversation, addresses: vec![known], ..Snapshot::empty(scope.site) })
}

/// What the page shows of a mailbox. 404 `unknown_mailbox` where nobody has it.
pub async fn show<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, mailbox: &Address) -> Result<ChoiceView, FlowError> {
    let (contact, _, known) = find(scope, mailbox).await?;
    let unknown = || Rejection::new(404, "unknown_mailbox", "Nobody here has this mailbox.");
    let (contact, (_, handle)) = contact.zip(known.owner).ok_or_else(unknown)?;
    let key = scope.secrets.secret("SIGNING_KEY").unwrap_or_default();
    let token = unsubscribe::seal(&key, &scope.site.id, mailbox);
    Ok(ChoiceView {
        lang: Lang::of(contact.locale.as_deref().unwrap_or(&scope.site.locale)),
        site_name: scope.site.name.clone(),
        address: scope.site.address.clone(),
        phone: scope.site.phone.clone(),
        mailbox: identity::mask(mailbox),
        action: unsubscribe::link("", &token),
        parts: Part::ALL.map(|part| (part, state(&known.chain, handle.blocked, part, ctx.now))),
        done: None,
    })
}

/// Does what a POST asks for; a second time changes nothing.
pub async fn choose<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    mailbox: &Address,
    asked: Asked,
    by: Presser,
) -> Result<Handled, FlowError> {
    let (part, wanted, words) = match asked {
        Asked::OneClick => (Part::Marketing, false, unsubscribe::ONE_CLICK.to_owned()),
        Asked::Form(part, wanted) => {
            let lang = show(scope, ctx, mailbox).await?.lang;
            (part, wanted, phrases::subscription::button(lang, part, wanted).to_owned())
        }
    };
    let page = unsubscribe::link(scope.public_url, "");
    let choice = Choice { mailbox: mailbox.clone(), part, wanted, words, page, by };
    handle(scope, ctx, &Command::Choose(choice)).await
}
