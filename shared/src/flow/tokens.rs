//! API tokens of a site: made, listed and ended. A value is told once and kept as a hash.

use super::{FlowError, Scope, door};
use crate::{
    api::{
        access::Asker,
        team::{Token, TokenMade, TokenWish, Tokens},
    },
    ctx::Ctx,
    error::Rejection,
    id::TokenId,
    store::{Db, tokens},
    team::MAX_NAME_CHARS,
};

/// What every token's value begins with, so that it is known when it is found somewhere.
pub const PREFIX: &str = "tl_";
/// How many tokens a site may have.
const MAX_TOKENS: usize = 100;

/// Every token that works.
pub async fn load_tokens<D: Db>(scope: Scope<'_, D>) -> Result<Tokens, FlowError> {
    let all = tokens::decode(scope.db.query(&tokens::of_site(&scope.site.id)).await?)?;
    Ok(Tokens { tokens: all.into_iter().map(|(_, token)| token).collect() })
}

/// Makes a token. Refuses a name that does not do (400 `bad_name`), one without scopes (400 `no_scopes`), one too many (409
/// `too_many_tokens`), and a program that would give more than it has (403 `not_allowed`).
pub async fn make<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    (asker, by): (&Asker, &str),
    wish: TokenWish,
) -> Result<TokenMade, FlowError> {
    let TokenWish { name, mut scopes } = wish;
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        let text = format!("`name` needs one line of 1 to {MAX_NAME_CHARS} characters.");
        return Err(Rejection::new(400, "bad_name", text).into());
    }
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        let text = "`scopes` is empty: a token without any could do nothing.";
        return Err(Rejection::new(400, "no_scopes", text).into());
    }
    if let Asker::Token { scopes: own, .. } = asker
        && let Some(more) = scopes.iter().find(|scope| !own.contains(scope))
    {
        let text = format!("This token lacks the scope `{}` and cannot give it.", more.as_str());
        return Err(Rejection::new(403, "not_allowed", text).into());
    }
    if load_tokens(scope).await?.tokens.len() >= MAX_TOKENS {
        let text = format!("A site may have {MAX_TOKENS} tokens: end one that is not used.");
        return Err(Rejection::new(409, "too_many_tokens", text).into());
    }
    let missing = || Rejection::new(500, "missing_secret", "The secret SIGNING_KEY is not set.");
    let secret = format!("{PREFIX}{}", door::draw(scope.secrets, ctx, "api token").ok_or_else(missing)?);
    let id = TokenId::mint(ctx);
    let token = Token { id, name, scopes, made_by: by.to_owned(), made_at: ctx.now, used_at: None };
    let mut stmts = vec![tokens::add(&scope.site.id, &token, &door::hash(&secret))];
    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    stmts.extend(scope.noted_of(ctx, token.id.as_str(), &scopes.join(" ")));
    scope.db.batch(&stmts).await?;
    Ok(TokenMade { token, secret })
}

/// Ends a token at once. Refuses one that there is not (404 `unknown_token`).
pub async fn end<D: Db>(scope: Scope<'_, D>, ctx: &mut Ctx, id: &TokenId) -> Result<(), FlowError> {
    if !load_tokens(scope).await?.tokens.iter().any(|token| token.id == *id) {
        return Err(Rejection::new(404, "unknown_token", "The site has no token of this id.").into());
    }
    let mut stmts = vec![tokens::remove(&scope.site.id, id)];
    stmts.extend(scope.noted(ctx));
    scope.db.batch(&stmts).await?;
    Ok(())
}
