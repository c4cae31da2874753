//! What a mail answers, looked up: its pointers, strongest first, as the conversations and contacts they lead to.

use super::Scope;
use crate::{
    decide::Thread,
    message::ThreadRef,
    store::{Db, DbError, conversations, events},
};

/// Where the pointers of a message lead, in their order; those that lead nowhere are left out. One round trip, and a
/// second for the conversation of the first.
pub(super) async fn load_threads<D: Db>(
    scope: Scope<'_, D>,
    refs: &[ThreadRef],
) -> Result<Vec<Thread>, DbError> {
    if refs.is_empty() {
        return Ok(Vec::new());
    }
    let site = &scope.site.id;
    let stmts: Vec<_> = refs
        .iter()
        .map(|reference| match reference {
            ThreadRef::Token(conversation) | ThreadRef::Named(conversation) => {
                events::by_reply_token(site, conversation)
            }
            ThreadRef::MessageId(id) => events::by_mail_id(site, id),
        })
        .collect();
    let answers = scope.db.batch(&stmts).await?;
    let mut threads: Vec<Thread> = Vec::new();
    for (reference, answer) in refs.iter().zip(answers) {
        if let Some(place) = answer.decode_first::<events::ThreadPlace>()? {
            let signed = matches!(reference, ThreadRef::Token(_));
            let (contact, conversation) = (place.contact_id, place.conversation_id);
            threads.push(Thread { contact, conversation, signed, state: None });
        }
    }
    if let Some(first) = threads.first_mut() {
        let stmt = conversations::conversation(site, &first.conversation);
        first.state = conversations::decode(scope.db.query(&stmt).await?)?;
    }
    Ok(threads)
}
