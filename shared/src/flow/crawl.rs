//! Reads the site's own pages into its knowledge: a few at a time, over and over, until all are read.
//!
//! Its `robots.txt` is kept, its site map says which pages there are; where it has none, the links of its first page do. A page that was
//! there before and is read no more is forgotten at the end.

use super::{
    FlowError, Scope,
    knowledge::{MAX_PASSAGES, load_known},
    pages::{self, Page},
};
use crate::{
    api::knowledge::{Known, SourceKind},
    ctx::Ctx,
    error::Rejection,
    http::Http,
    id::SiteId,
    knowledge,
    store::{
        Db, DbError, Stmt,
        crawls::{self, Crawl},
        sources::{self, Put},
    },
    time::MINUTE_MS,
    web::{self, Address},
};

/// How many pages are read of a site.
pub const MAX_PAGES: usize = 200;
/// How many of them in one step.
const PAGES_OF_A_STEP: usize = 8;
/// How many site maps are read where one names others.
const MAX_MAPS: usize = 5;
/// How many pages that could not be read are remembered.
const MAX_FAILED: usize = 50;
/// How long a step may take before another one takes its place, in milliseconds.
const LEASE_MS: i64 = 2 * MINUTE_MS;
/// How many sites go on in one run of the cron.
const SITES_OF_A_RUN: u32 = 5;
/// Endings of what is no page.
const NO_PAGES: [&str; 16] = [
    ".pdf", ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".zip", ".mp4", ".mp3", ".css", ".js", ".ico",
    ".xml", ".json", ".docx",
];

/// Begins to read the pages of one of the site's allowed origins. Refuses another origin and what is no public site (see
/// [`web::parse_own`]), and a second walk while one goes on (409 `running`).
pub async fn begin<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    by: &str,
    origin: &str,
) -> Result<Known, FlowError> {
    let address = web::parse_own(origin, &scope.site.allowed_origins)?;
    let mut stmts = vec![crawls::begin(&scope.site.id, &address.origin, by, ctx.now)];
    if let Some(crawl) = crawls::decode(scope.db.query(&crawls::one(&scope.site.id)).await?)?
        && crawl.state == "running"
    {
        let text = "The pages are being read right now: wait until that is done, or stop it.";
        return Err(Rejection::new(409, "running", text).into());
    }
    stmts.extend(scope.noted_of(ctx, &address.origin, ""));
    scope.db.batch(&stmts).await?;
    load_known(scope).await
}

/// Stops it; what was read stays.
pub async fn stop<D: Db>(scope: Scope<'_, D>, ctx: &mut Ctx) -> Result<Known, FlowError> {
    let mut stmts = vec![crawls::stop(&scope.site.id, ctx.now)];
    stmts.extend(scope.noted(ctx));
    scope.db.batch(&stmts).await?;
    load_known(scope).await
}

/// The sites whose pages are to be read on.
pub async fn due(db: &impl Db, ctx: &Ctx) -> Result<Vec<SiteId>, DbError> {
    crawls::decode_due(db.query(&crawls::due(ctx.now, SITES_OF_A_RUN)).await?)
}

/// Goes on with a site's pages; `true` while more is to be done. Whoever comes second does nothing.
pub async fn step<D: Db>(scope: Scope<'_, D>, http: &impl Http, ctx: &Ctx) -> Result<bool, FlowError> {
    let site = &scope.site.id;
    let until = ctx.now.plus_ms(LEASE_MS);
    let claimed = scope.db.query(&crawls::claim(site, ctx.now, until)).await?;
    let Some(mut crawl) = crawls::decode(claimed)? else { return Ok(false) };
    let mut stmts = Vec::new();
    // What is allowed may have changed since it began.
    match web::parse_own(&crawl.origin, &scope.site.allowed_origins) {
        Err(refused) => end(&mut crawl, "failed", Some(refused.text)),
        Ok(home) => match crawl.todo.take() {
            None => match plan(http, &home).await {
                Ok(todo) => crawl.todo = Some(todo),
                Err(why) => end(&mut crawl, "failed", Some(why)),
            },
            Some(mut todo) => {
                let rest = todo.split_off(todo.len().min(PAGES_OF_A_STEP));
                for address in todo {
                    match take(scope, http, ctx, &mut crawl, &address).await {
                        Ok(written) => stmts.extend(written),
                        Err(why) if crawl.failed.len() < MAX_FAILED => crawl.failed.push((address, why)),
                        Err(_) => {}
                    }
                }
                let is_over = rest.is_empty();
                crawl.todo = Some(rest);
                if is_over {
                    let read = crawl.read;
                    let note = (read == 0).then(|| "No page could be read.".to_owned());
                    end(&mut crawl, if read == 0 { "failed" } else { "done" }, note);
                    if read > 0 {
                        stmts.extend(sources::drop_old_pages(site, crawl.begun_at));
                    }
                }
            }
        },
    }
    stmts.push(crawls::save(site, until, &crawl, ctx.now));
    scope.db.batch(&stmts).await?;
    Ok(crawl.state == "running")
}

fn end(crawl: &mut Crawl, state: &str, note: Option<String>) {
    state.clone_into(&mut crawl.state);
    crawl.note = note;
    crawl.todo = Some(Vec::new());
}

/// Reads a page into what is known.
async fn take<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &Ctx,
    crawl: &mut Crawl,
    address: &str,
) -> Result<Vec<Stmt>, String> {
    let address = web::parse(address).map_err(|refused| refused.text)?;
    let page = pages::read(http, &address).await?;
    let whole = address.whole();
    let path = format!("{}{}", sources::PAGES, address.path.trim_start_matches('/'));
    let markdown = match page.media.as_str() {
        "text/plain" => page.text.replace('<', "\\<"),
        "text/html" | "application/xhtml+xml" | "" => knowledge::markdown_of_html(&page.text),
        other => return Err(format!("It is no page but {other}.")),
    };
    let mut found = knowledge::passages(&path, &markdown);
    found.truncate(MAX_PASSAGES);
    if found.is_empty() {
        return Err("The page has no text of its own. Pages that a script writes cannot be read.".to_owned());
    }
    crawl.read += 1;
    let beside = Put { kind: SourceKind::Page, address: Some(&whole), by: &crawl.by };
    Ok(sources::replace(&scope.site.id, &found, beside, ctx.now))
}

/// The pages to read: those of the site map, else those that the first page leads to.
async fn plan(http: &impl Http, home: &Address) -> Result<Vec<String>, String> {
    let home = Address { path: "/".to_owned(), ..home.clone() };
    let at = |path: &str| Address { path: path.to_owned(), ..home.clone() };
    let robots = pages::read(http, &at("/robots.txt")).await.map(|page| page.text).unwrap_or_default();
    let rules = Rules::read(&robots);
    if !rules.allow("/") && rules.bars_all() {
        return Err(
            "The site's robots.txt asks that nothing is read. Allow it there, or paste the texts.".to_owned()
        );
    }
    let mut maps: Vec<Address> = rules.maps.iter().filter_map(|link| web::join(&home, link)).collect();
    if maps.is_empty() {
        maps.push(at("/sitemap.xml"));
    }
    let (mut pages, mut next) = (Vec::new(), 0);
    while next < maps.len().min(MAX_MAPS) {
        if let Ok(page) = pages::read(http, &maps[next]).await {
            let links = located(&page.text).into_iter().filter_map(|link| web::join(&home, &link));
            if page.text.contains("<sitemapindex") {
                maps.extend(links);
            } else {
                pages.extend(links);
            }
        }
        next += 1;
    }
    if pages.is_empty() {
        let first = pages::read(http, &home).await?;
        pages.push(home.clone());
        pages.extend(linked(&first));
    }
    let mut todo: Vec<String> = Vec::new();
    for page in pages {
        let name = page.path.split('?').next().unwrap_or_default().to_ascii_lowercase();
        let is_page = !NO_PAGES.iter().any(|ending| name.ends_with(ending));
        let whole = page.whole();
        if is_page && rules.allow(&page.path) && !todo.contains(&whole) && todo.len() < MAX_PAGES {
            todo.push(whole);
        }
    }
    if todo.is_empty() {
        return Err("No page was found: the site map names none that may be read.".to_owned());
    }
    Ok(todo)
}

/// The addresses of a site map.
fn located(xml: &str) -> Vec<String> {
    let found = xml.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next());
    let plain = |text: &str| {
        let text = text.trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>");
        text.replace("&amp;", "&")
    };
    found.map(plain).collect()
}

/// Where a page leads to within its origin.
fn linked(page: &Page) -> Vec<Address> {
    let links = page.text.split("href=").skip(1).filter_map(|rest| {
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest[1..].split(quote).next()
    });
    links.filter_map(|link| web::join(&page.address, &link.replace("&amp;", "&"))).collect()
}

/// What a `robots.txt` asks of everybody (RFC 9309): as far as it is understood, the longest rule that fits holds.
#[derive(Default)]
struct Rules {
    /// Beginnings of paths, and whether they may be read.
    of_all: Vec<(String, bool)>,
    /// The site maps it names.
    maps: Vec<String>,
}

impl Rules {
    fn read(text: &str) -> Self {
        let mut rules = Self::default();
        let (mut is_ours, mut names) = (false, false);
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    // Names that follow one another are one group.
                    let fits = value == "*" || value.eq_ignore_ascii_case("throughline");
                    is_ours = fits || (names && is_ours);
                    names = true;
                    continue;
                }
                "disallow" if is_ours && !value.is_empty() => rules.of_all.push((value.to_owned(), false)),
                "allow" if is_ours && !value.is_empty() => rules.of_all.push((value.to_owned(), true)),
                "sitemap" => rules.maps.push(value.to_owned()),
                _ => {}
            }
            names = false;
        }
        rules
    }

    fn allow(&self, path: &str) -> bool {
        let begins = |rule: &str| path.starts_with(rule.split(['*', '$']).next().unwrap_or_default());
        let fitting = self.of_all.iter().filter(|(rule, _)| begins(rule));
        fitting.max_by_key(|(rule, allow)| (rule.len(), *allow)).is_none_or(|(_, allow)| *allow)
    }

    fn bars_all(&self) -> bool {
        self.of_all.iter().all(|(_, allow)| !allow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn robots_are_understood_as_they_are_meant() {
        let rules = Rules::read(
            "User-agent: Bad\nDisallow: /\n\nUser-agent: *\nDisallow: /cart # no\nAllow: /cart/help\nSitemap: https://a.example/map.xml\n",
        );
        assert!(
            rules.allow("/") && rules.allow("/cart/help") && !rules.allow("/cart/1") && !rules.allow("/cart")
        );
        assert_eq!(rules.maps, ["https://a.example/map.xml"]);
        assert!(
            !Rules::read("user-agent: a\nuser-agent: *\ndisallow: /").allow("/x"),
            "one group of two names"
        );
        assert!(Rules::read("User-agent: *\nDisallow:\n").allow("/x"), "nothing is disallowed");
        assert!(Rules::read("<html>404</html>").allow("/x"));
    }
}
